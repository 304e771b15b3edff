import { createHash } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { encode24, encodeGroups, stretched } from "./alphabet.ts";

const ROUNDS = 5000;
const FEWEST_ROUNDS = 1000;
/** Rounds per turn, about 1 ms. */
const SLICE = 100;

type Group = readonly [number, number, number];

/** `$5$` (SHA-256) and `$6$` (SHA-512): hash function, and order of bytes. */
const KINDS = {
  $5$: {
    algorithm: "sha256",
    groups: groups(10, [0, 10, 20], ([a, b, c]) => [c + 1, a + 1, b + 1]),
    rest: (digest: Buffer) => encode24(0, digest[31] ?? 0, digest[30] ?? 0, 3),
  },
  $6$: {
    algorithm: "sha512",
    groups: groups(21, [0, 21, 42], ([a, b, c]) => [b + 1, c + 1, a + 1]),
    rest: (digest: Buffer) => encode24(0, 0, digest[63] ?? 0, 2),
  },
} as const;

/**
 * The rule behind the tables of sha256crypt.c and sha512crypt.c: each group follows from the previous one.
 */
function groups(count: number, first: Group, next: (group: Group) => Group): readonly Group[] {
  const list = [first];
  for (let group = next(first); list.length < count; group = next(group)) list.push(group);
  return list;
}

/**
 * The SHA-256 or SHA-512 hash of a password: Ulrich Drepper's "Unix crypt using SHA-256 and SHA-512". Yields
 * every few milliseconds.
 */
export async function shaCrypt(
  password: Buffer,
  salt: string,
  magic: "$5$" | "$6$",
  wanted: number | undefined,
): Promise<string> {
  const { algorithm, groups, rest } = KINDS[magic];
  const hash = (...parts: readonly Buffer[]) => {
    const made = createHash(algorithm);
    for (const part of parts) made.update(part);
    return made.digest();
  };
  const saltBytes = Buffer.from(salt, "latin1");
  const inner = hash(password, saltBytes, password);
  const start = [password, saltBytes, stretched(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1) start.push(bits & 1 ? inner : password);
  let digest = hash(...start);
  const first = digest[0] ?? 0;
  const p = stretched(hash(...Array<Buffer>(password.length).fill(password)), password.length);
  const s = stretched(hash(...Array<Buffer>(16 + first).fill(saltBytes)), saltBytes.length);
  const rounds = Math.max(wanted ?? ROUNDS, FEWEST_ROUNDS);
  for (let round = 0; round < rounds; round++) {
    if (round % SLICE === SLICE - 1) await nextTurn();
    const parts = [round % 2 === 1 ? p : digest];
    if (round % 3 !== 0) parts.push(s);
    if (round % 7 !== 0) parts.push(p);
    parts.push(round % 2 === 1 ? digest : p);
    digest = hash(...parts);
  }
  const named = wanted === undefined ? "" : `rounds=${rounds}$`;
  return `${magic}${named}${salt}$${encodeGroups(digest, groups)}${rest(digest)}`;
}
