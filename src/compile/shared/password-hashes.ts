/** A hash that can be compared with a password. */
export type HashKind = "bcrypt" | "md5" | "sha1" | "salted-sha1" | "sha256" | "sha512" | "des" | "plain";

const KINDS: readonly (readonly [HashKind, RegExp])[] = [
  // Higher costs take up to hours, while everybody waits.
  ["bcrypt", /^\$2[aby]\$(?:0[4-9]|1[0-7])\$[./A-Za-z0-9]{53}$/],
  ["md5", /^\$(?:apr1|1)\$[^$]{0,8}\$[./A-Za-z0-9]{22}$/],
  ["sha256", /^\$5\$(?:rounds=\d{1,7}\$)?[^$]{0,16}\$[./A-Za-z0-9]{43}$/],
  ["sha512", /^\$6\$(?:rounds=\d{1,7}\$)?[^$]{0,16}\$[./A-Za-z0-9]{86}$/],
  ["sha1", /^\{SHA\}[+/A-Za-z0-9]{27}=$/],
  ["salted-sha1", /^\{SSHA\}[+/A-Za-z0-9]{28,}={0,2}$/],
  ["plain", /^\{PLAIN\}/],
  ["des", /^[./A-Za-z0-9]{13}$/],
];

/** `undefined` for a hash that no password matches. */
export function hashKind(hash: string): HashKind | undefined {
  return KINDS.find(([, pattern]) => pattern.test(hash))?.[0];
}

/** The users with hashes that a controller checks. Others stay known, and no password is theirs. */
export function withHashKinds(
  users: ReadonlyMap<string, string>,
  kinds: readonly HashKind[],
): ReadonlyMap<string, string> {
  return new Map(
    [...users].map(([user, hash]) => {
      const kind = hashKind(hash);
      return [user, kind !== undefined && kinds.includes(kind) ? hash : ""];
    }),
  );
}
