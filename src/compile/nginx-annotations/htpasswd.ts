import { hashKind } from "../shared/password-hashes.ts";

/**
 * Users and password hashes of an htpasswd file as nginx reads it (ngx_http_auth_basic_handler). A hash ends
 * at the next colon or line end, `#` starts a comment line, and a user's first line counts.
 * @param text one char per byte
 */
export function readHtpasswd(text: string): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, user, hash] = /^([^#:\r][^:]*):([^:\r]*)/.exec(line) ?? [];
    if (user !== undefined && hash !== undefined && !users.has(user)) users.set(user, hash);
  }
  return users;
}

/**
 * Users and hashes of one realm of an htdigest file, whose lines are `USER:REALM:HASH`. One char per byte.
 */
export function readHtdigest(text: string, realm: string): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const line of text.split("\n")) {
    const [, user = "", of, hash = ""] = /^([^:]+):([^:]*):([0-9a-f]{32})\r?$/.exec(line) ?? [];
    if (of === realm && !users.has(user)) users.set(user, hash);
  }
  return users;
}

/** Why nginx lets nobody in by a hash, by its beginning (ngx_crypt.c; crypt of musl, in the controller's image). */
const FAULTS: readonly (readonly [pattern: RegExp, what: string])[] = [
  [
    /^\$2[aby]\$(?:1[89]|2\d|3[01])\$[./A-Za-z0-9]{53}$/,
    "a bcrypt hash of so high a cost that it takes up to hours to check, and nginx answers nobody meanwhile: the user cannot come in here",
  ],
  [
    /^\$2x\$/,
    "a bcrypt hash of the broken kind $2x$, which ingress-dev does not know (the cluster does): the user cannot come in here",
  ],
  [/^\$/, "no whole hash of a kind that nginx knows: the user cannot come in, here or in the cluster"],
  [
    /(?:)/,
    "no hash, and nginx takes a plain password only behind {PLAIN}: the user cannot come in, here or in the cluster",
  ],
];

/** The fault of a hash that no password matches; `undefined` for a usable one. */
export function uselessHash(hash: string): string | undefined {
  return hashKind(hash) === undefined ? FAULTS.find(([pattern]) => pattern.test(hash))?.[1] : undefined;
}
