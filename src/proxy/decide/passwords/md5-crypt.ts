import { createHash } from "node:crypto";
import { encode24, encodeGroups, stretched } from "./alphabet.ts";

const ROUNDS = 1000;

/**
 * The MD5 hash of a password with the magic `$apr1$` (Apache's, from `htpasswd`) or `$1$`: Poul-Henning
 * Kamp's algorithm in FreeBSD's crypt-md5.c. Takes about 2 ms.
 */
export function md5Crypt(password: Buffer, salt: string, magic: "$apr1$" | "$1$"): string {
  const inner = md5(password, salt, password);
  const start = [password, magic, salt, stretched(inner, password.length)];
  for (let bits = password.length; bits > 0; bits >>= 1)
    start.push(bits & 1 ? Buffer.of(0) : password.subarray(0, 1));
  let digest = md5(...start);
  for (let round = 0; round < ROUNDS; round++) {
    digest = md5(
      round % 2 === 1 ? password : digest,
      round % 3 === 0 ? "" : salt,
      round % 7 === 0 ? "" : password,
      round % 2 === 1 ? digest : password,
    );
  }
  const groups = [[0, 6, 12] as const, [1, 7, 13] as const, [2, 8, 14] as const, [3, 9, 15] as const];
  const text = encodeGroups(digest, [...groups, [4, 10, 5]]);
  return `${magic}${salt}$${text}${encode24(0, 0, digest[11] ?? 0, 2)}`;
}

function md5(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash("md5");
  for (const part of parts) hash.update(typeof part === "string" ? Buffer.from(part, "latin1") : part);
  return hash.digest();
}
