/** Holds 1 at the index of each member. */
export type ByteSet = Uint8Array;

/** Ranges include both ends. */
export function byteSet(...members: readonly (number | readonly [from: number, to: number])[]): ByteSet {
  const set = new Uint8Array(256);
  for (const member of members) {
    if (typeof member === "number") set[member] = 1;
    else set.fill(1, member[0], member[1] + 1);
  }
  return set;
}

export function complement(set: ByteSet): ByteSet {
  return set.map((held) => 1 - held);
}

export function union(...sets: readonly ByteSet[]): ByteSet {
  return new Uint8Array(256).map((_, byte) => (sets.some((set) => set[byte] === 1) ? 1 : 0));
}

/** Adds the other case of ASCII letters: PCRE's tables are those of the C locale. */
export function inAnyCase(set: ByteSet): ByteSet {
  return set.map((held, byte) => (held === 1 || set[otherCase(byte)] === 1 ? 1 : 0));
}

const SINGLE: ByteSet[] = [];
const SINGLE_ANY_CASE: ByteSet[] = [];

/** Cached: long patterns consist of such sets. */
export function single(byte: number, letters: "any case" | "exact case"): ByteSet {
  const known = letters === "any case" ? SINGLE_ANY_CASE : SINGLE;
  const set = known[byte] ?? (letters === "any case" ? inAnyCase(byteSet(byte)) : byteSet(byte));
  known[byte] = set;
  return set;
}

function otherCase(byte: number): number {
  if (byte >= 0x41 && byte <= 0x5a) return byte + 0x20;
  return byte >= 0x61 && byte <= 0x7a ? byte - 0x20 : byte;
}

const DIGIT = byteSet([0x30, 0x39]);
const LOWER = byteSet([0x61, 0x7a]);
const UPPER = byteSet([0x41, 0x5a]);
const SPACE = byteSet([0x09, 0x0d], 0x20);
const ALPHA = union(LOWER, UPPER);
const WORD = union(ALPHA, DIGIT, byteSet(0x5f));

/** Sets of escapes such as `\d`, by lower-case letter. The upper-case letter is the complement. */
export const ESCAPED_SETS: ReadonlyMap<string, ByteSet> = new Map([
  ["d", DIGIT],
  ["s", SPACE],
  ["w", WORD],
  ["h", byteSet(0x09, 0x20, 0xa0)],
  ["v", byteSet([0x0a, 0x0d], 0x85)],
]);

export const POSIX_SETS: ReadonlyMap<string, ByteSet> = new Map([
  ["alnum", union(ALPHA, DIGIT)],
  ["alpha", ALPHA],
  ["ascii", byteSet([0x00, 0x7f])],
  ["blank", byteSet(0x09, 0x20)],
  ["cntrl", byteSet([0x00, 0x1f], 0x7f)],
  ["digit", DIGIT],
  ["graph", byteSet([0x21, 0x7e])],
  ["lower", LOWER],
  ["print", byteSet([0x20, 0x7e])],
  ["punct", byteSet([0x21, 0x2f], [0x3a, 0x40], [0x5b, 0x60], [0x7b, 0x7e])],
  ["space", SPACE],
  ["upper", UPPER],
  ["word", WORD],
  ["xdigit", byteSet([0x30, 0x39], [0x41, 0x46], [0x61, 0x66])],
]);

export const ANY_BYTE: ByteSet = byteSet([0x00, 0xff]);
export const NO_NEWLINE: ByteSet = complement(byteSet(0x0a));
