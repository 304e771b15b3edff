import { createHash } from "node:crypto";
import type { Bcrypt } from "./bcrypt.ts";
import { desCrypt } from "./des-crypt.ts";
import { md5Crypt } from "./md5-crypt.ts";
import { shaCrypt } from "./sha-crypt.ts";

/** Costs of up to some seconds. Other passwords wait meanwhile, so hours would lock everybody out. */
const BCRYPT = /^\$2[aby]\$(?:0[4-9]|1[0-7])\$[./A-Za-z0-9]{53}$/;

/**
 * The longest password of `$5$` and `$6$`: the cost is quadratic (musl, KEY_MAX in crypt_sha512.c). unit:
 * bytes
 */
const LONGEST_FOR_SHA = 256;

/**
 * Compares a password with an htpasswd hash (ngx_crypt.c); both one char per byte. `false` for an invalid
 * hash. Rejects if bcrypt fails.
 */
export async function verify(hash: string, password: string, bcrypt: Bcrypt): Promise<boolean> {
  const bytes = Buffer.from(password, "latin1");
  if (hash.startsWith("{PLAIN}")) return hash === `{PLAIN}${password}`;
  if (hash.startsWith("{SHA}")) return hash === `{SHA}${sha1(bytes).toString("base64")}`;
  if (hash.startsWith("{SSHA}")) return salted(hash.slice(6), bytes);
  if (hash.startsWith("$2")) return BCRYPT.test(hash) && bcrypt.compare(bytes.toString("utf8"), hash);
  const md5 = /^(\$apr1\$|\$1\$)([^$]{0,8})\$/.exec(hash);
  if (md5 !== null) return hash === md5Crypt(bytes, md5[2] ?? "", md5[1] === "$1$" ? "$1$" : "$apr1$");
  if (/^[./A-Za-z0-9]{13}$/.test(hash)) return hash === desCrypt(bytes, hash.slice(0, 2));
  const sha = /^(\$[56]\$)(?:rounds=(\d{1,7})\$)?([^$]{0,16})\$/.exec(hash);
  if (sha === null || bytes.length > LONGEST_FOR_SHA) return false;
  const rounds = sha[2] === undefined ? undefined : Number(sha[2]);
  return hash === (await shaCrypt(bytes, sha[3] ?? "", sha[1] === "$5$" ? "$5$" : "$6$", rounds));
}

function salted(encoded: string, password: Buffer): boolean {
  const bytes = Buffer.from(encoded, "base64");
  return bytes.subarray(0, 20).equals(sha1(password, bytes.subarray(20)));
}

function sha1(...parts: readonly Buffer[]): Buffer {
  const hash = createHash("sha1");
  for (const part of parts) hash.update(part);
  return hash.digest();
}
