import type { Re2Reader } from "./reader.ts";
import { asciiRanges, folded, notIn, type RuneSet } from "./rune-set.ts";

/** `\d`, `\s`, `\w`: the first and the last of each range. */
const PERL_SETS: Readonly<Record<string, string>> = { d: "09", s: "\t\n\f\r  ", w: "09AZ__az" };

/** `[:name:]`, of ASCII as well. */
const NAMED_SETS: Readonly<Record<string, string>> = {
  alnum: "09AZaz",
  alpha: "AZaz",
  ascii: "\0\x7f",
  blank: "\t\t  ",
  cntrl: "\0\x1f\x7f\x7f",
  digit: "09",
  graph: "!~",
  lower: "az",
  print: " ~",
  punct: "!/:@[`{~",
  space: "\t\r  ",
  upper: "AZ",
  word: "09AZ__az",
  xdigit: "09AFaf",
};

/** `\d`, `\S`; `undefined` before anything else, and nothing is taken. */
export function takePerlSet(reader: Re2Reader): RuneSet | undefined {
  const letter = reader.peek(1);
  const name = letter.toLowerCase();
  if (reader.peek() !== "\\" || !Object.hasOwn(PERL_SETS, name)) return undefined;
  reader.at += 2;
  return signed(reader, PERL_SETS[name], letter !== name);
}

/** `[:alpha:]`, `[:^alpha:]`; `undefined` before anything else, and nothing is taken. */
export function takeNamedSet(reader: Re2Reader): RuneSet | undefined {
  const start = reader.at;
  if (!reader.takeIf("[:")) return undefined;
  const text = reader.takeUntil(":]");
  if (text === undefined) {
    reader.at = start;
    return undefined;
  }
  const isNegated = text.startsWith("^");
  const name = isNegated ? text.slice(1) : text;
  if (!Object.hasOwn(NAMED_SETS, name))
    return reader.refuse("invalid character class range", reader.since(start));
  return signed(reader, NAMED_SETS[name], isNegated);
}

function signed(reader: Re2Reader, ends = "", isNegated: boolean): RuneSet {
  const set = asciiRanges(ends);
  const cased = reader.flags.i ? folded(set) : set;
  return isNegated ? notIn(cased) : cased;
}
