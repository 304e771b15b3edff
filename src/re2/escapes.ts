import { takePerlSet } from "./ascii-sets.ts";
import type { Re2Reader } from "./reader.ts";
import { notIn, type RuneSet } from "./rune-set.ts";
import { unicodeSet } from "./unicode.ts";

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };
const MOST_RUNE = 0x10ffff;

/** `\d`, `\pL`, `\p{Greek}` and their complements; `undefined` before anything else, and nothing is taken. */
export function takeEscapedSet(reader: Re2Reader): RuneSet | undefined {
  const letter = reader.peek(1);
  const isProperty = reader.peek() === "\\" && (letter === "p" || letter === "P");
  return isProperty ? takeProperty(reader, letter === "P") : takePerlSet(reader);
}

function takeProperty(reader: Re2Reader, isNegated: boolean): RuneSet {
  const start = reader.at;
  reader.at += 2;
  let name: string | undefined;
  if (reader.takeIf("{")) name = reader.takeUntil("}");
  else {
    reader.takeRune();
    name = reader.since(start + 2);
  }
  if (name === undefined) return reader.refuse("invalid character class range", reader.source.slice(start));
  const isInverted = name.startsWith("^");
  const set = unicodeSet(isInverted ? name.slice(1) : name, reader.flags.i ? "any case" : "exact case");
  if (set === undefined) return reader.refuse("invalid character class range", reader.since(start));
  return isNegated === isInverted ? set : notIn(set);
}

/** An escape that stands for one code point, from its backslash on. */
export function takeEscapedRune(reader: Re2Reader): number {
  const start = reader.at++;
  if (reader.ended) return reader.refuse("trailing backslash at end of expression", "");
  const rune = reader.takeRune();
  const char = String.fromCodePoint(rune);
  const found = escaped(reader, rune, char);
  return found ?? reader.refuse("invalid escape sequence", reader.since(start));
}

function escaped(reader: Re2Reader, rune: number, char: string): number | undefined {
  // One digit alone would refer back to a group.
  if (char === "0" || (/[1-7]/.test(char) && /[0-7]/.test(reader.peek()))) return octalRune(reader, char);
  if (char === "x") return hexRune(reader);
  if (Object.hasOwn(CONTROLS, char)) return CONTROLS[char];
  return rune < 128 && !/[0-9A-Za-z]/.test(char) ? rune : undefined;
}

function octalRune(reader: Re2Reader, first: string): number {
  let digits = first;
  while (digits.length < 3 && /[0-7]/.test(reader.peek())) digits += reader.source.charAt(reader.at++);
  return Number.parseInt(digits, 8);
}

function hexRune(reader: Re2Reader): number | undefined {
  if (reader.ended) return undefined;
  if (!reader.takeIf("{")) {
    const [high, low] = [reader.takeRune(), reader.takeRune()].map(hexDigit);
    return high === undefined || low === undefined ? undefined : high * 16 + low;
  }
  let rune = 0;
  for (let count = 0; ; count++) {
    const next = reader.takeRune();
    if (next === 0x7d) return count === 0 ? undefined : rune;
    const digit = hexDigit(next);
    if (digit === undefined) return undefined;
    rune = rune * 16 + digit;
    if (rune > MOST_RUNE) return undefined;
  }
}

function hexDigit(rune: number): number | undefined {
  const char = rune < 0 ? "" : String.fromCodePoint(rune);
  return /^[0-9A-Fa-f]$/.test(char) ? Number.parseInt(char, 16) : undefined;
}
