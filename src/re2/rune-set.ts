import { orbit } from "./orbit.ts";

/** A set of code points: a table for ASCII, a question for the rest. */
export interface RuneSet {
  /** Holds 1 at the index of each member below 128. */
  readonly ascii: Uint8Array;
  readonly beyond: (rune: number) => boolean;
}

const never = () => false;
const always = () => true;

/** Ranges include both ends. */
export function runeRange(from: number, to: number): RuneSet {
  const ascii = new Uint8Array(128);
  if (from < 128) ascii.fill(1, from, Math.min(to, 127) + 1);
  return { ascii, beyond: to < 128 ? never : (rune) => rune >= from && rune <= to };
}

/** The first and the last of each range, all of ASCII. */
export function asciiRanges(ends: string): RuneSet {
  const ascii = new Uint8Array(128);
  for (let at = 0; at < ends.length; at += 2) ascii.fill(1, ends.charCodeAt(at), ends.charCodeAt(at + 1) + 1);
  return { ascii, beyond: never };
}

export function runesWhere(holds: (rune: number) => boolean): RuneSet {
  return { ascii: new Uint8Array(128).map((_, rune) => (holds(rune) ? 1 : 0)), beyond: holds };
}

export function unionOf(sets: readonly RuneSet[]): RuneSet {
  const [only] = sets;
  if (only !== undefined && sets.length === 1) return only;
  const ascii = new Uint8Array(128);
  for (const set of sets)
    for (let rune = 0; rune < 128; rune++) ascii[rune] = (ascii[rune] ?? 0) | (set.ascii[rune] ?? 0);
  const asked = sets.map(({ beyond }) => beyond).filter((beyond) => beyond !== never);
  if (asked.length === 0) return { ascii, beyond: never };
  return { ascii, beyond: (rune) => asked.some((beyond) => beyond(rune)) };
}

export function notIn({ ascii, beyond }: RuneSet): RuneSet {
  return {
    ascii: ascii.map((held) => 1 - held),
    beyond: beyond === never ? always : beyond === always ? never : (rune) => !beyond(rune),
  };
}

/** Adds every code point that equals a member in another case. */
export function folded(set: RuneSet): RuneSet {
  return runesWhere((rune) => orbit(rune).some((member) => isMember(set, member)));
}

const LETTERS: RuneSet[] = [];

/** One code point in any case. Kept for ASCII: long expressions consist of such sets. */
export function anyCase(rune: number): RuneSet {
  const known = LETTERS[rune];
  if (known !== undefined) return known;
  const set = unionOf(orbit(rune).map((member) => runeRange(member, member)));
  if (rune < 128) LETTERS[rune] = set;
  return set;
}

export function isMember({ ascii, beyond }: RuneSet, rune: number): boolean {
  return rune < 128 ? ascii[rune] === 1 : beyond(rune);
}

export const ANY_RUNE: RuneSet = runeRange(0, 0x10ffff);
export const NO_LINE_END: RuneSet = notIn(runeRange(0x0a, 0x0a));
