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

/** Hash formats by prefix (nginx ngx_crypt.c; crypt of musl, in the controller's image). */
const KINDS: readonly (readonly [pattern: RegExp, what: "checked" | string])[] = [
  [/^\$2[aby]\$(?:0[4-9]|1[0-7])\$[./A-Za-z0-9]{53}$/, "checked"],
  [
    /^\$2[aby]\$(?:1[89]|2\d|3[01])\$[./A-Za-z0-9]{53}$/,
    "a bcrypt hash of so high a cost that it takes up to hours to check, and nginx answers nobody meanwhile: the user cannot come in here",
  ],
  [/^\$(?:apr1|1)\$[^$]{0,8}\$[./A-Za-z0-9]{22}$/, "checked"],
  [/^\$5\$(?:rounds=\d{1,7}\$)?[^$]{0,16}\$[./A-Za-z0-9]{43}$/, "checked"],
  [/^\$6\$(?:rounds=\d{1,7}\$)?[^$]{0,16}\$[./A-Za-z0-9]{86}$/, "checked"],
  [/^\{SHA\}[+/A-Za-z0-9]{27}=$/, "checked"],
  [/^\{SSHA\}[+/A-Za-z0-9]{28,}={0,2}$/, "checked"],
  [/^\{PLAIN\}/, "checked"],
  [/^[./A-Za-z0-9]{13}$/, "checked"],
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
  const what = KINDS.find(([pattern]) => pattern.test(hash))?.[1];
  return what === "checked" ? undefined : what;
}
