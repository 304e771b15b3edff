import { type ByteSet, complement, ESCAPED_SETS } from "./byte-set.ts";
import type { PatternCursor } from "./cursor.ts";

const CONTROLS: Readonly<Record<string, number>> = { a: 7, e: 27, f: 12, n: 10, r: 13, t: 9 };
const NOT_PERL = "PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u";
const TOO_LARGE = "character code point value in \\x{} or \\o{} is too large";

/** `undefined` for an escape of another kind. */
export function escapedByte(cursor: PatternCursor, char: string): number | undefined {
  if (char === "") return cursor.refuse("\\ at end of pattern");
  if (char === "x") return hexadecimal(cursor);
  if (char === "o") return octalInBraces(cursor);
  if (char === "0") return Number.parseInt(cursor.takeMatch(/[0-7]{0,2}/y)?.[0] || "0", 8);
  if (char === "c") return control(cursor);
  if (Object.hasOwn(CONTROLS, char)) return CONTROLS[char];
  return /[0-9A-Za-z]/.test(char) ? undefined : char.charCodeAt(0);
}

/** The set of `\d`, `\S` and so on. */
export function escapedSet(char: string): ByteSet | undefined {
  const set = ESCAPED_SETS.get(char.toLowerCase());
  return set === undefined || char === char.toLowerCase() ? set : complement(set);
}

export function octal(cursor: PatternCursor): number {
  const byte = Number.parseInt(cursor.takeMatch(/[0-7]{1,3}/y)?.[0] ?? "0", 8);
  return byte > 0xff ? cursor.refuse("octal value is greater than \\377 in 8-bit non-UTF-8 mode") : byte;
}

export function refuseEscape(cursor: PatternCursor, char: string): never {
  if (/[FLlUu]/.test(char)) return cursor.refuse(NOT_PERL);
  if (/[pP]/.test(char)) return cursor.unsupported(`Unicode properties (\\${char}) are not`);
  if (char === "X") return cursor.unsupported("\\X (a grapheme) is not");
  return cursor.refuse(`unrecognized character follows \\: ${char}`);
}

/** `\xhh` with up to two digits, or `\x{h…}`. */
function hexadecimal(cursor: PatternCursor): number {
  if (!cursor.takeIf("{")) return Number.parseInt(cursor.takeMatch(/[0-9a-f]{0,2}/iy)?.[0] || "0", 16);
  const digits = cursor.takeMatch(/([0-9a-f]+)\}/iy)?.[1];
  if (digits === undefined) return cursor.refuse("digits missing or non-hex character in \\x{}");
  const byte = Number.parseInt(digits, 16);
  return byte > 0xff ? cursor.refuse(TOO_LARGE) : byte;
}

function octalInBraces(cursor: PatternCursor): number {
  const digits = cursor.takeMatch(/\{([0-7]+)\}/y)?.[1];
  if (digits === undefined)
    return cursor.refuse("missing opening brace, digits, or non-octal character in \\o{}");
  const byte = Number.parseInt(digits, 8);
  return byte > 0xff ? cursor.refuse(TOO_LARGE) : byte;
}

function control(cursor: PatternCursor): number {
  const char = cursor.take();
  if (!/^[ -~]$/.test(char)) return cursor.refuse("\\c must be followed by a printable ASCII character");
  return char.toUpperCase().charCodeAt(0) ^ 0x40;
}
