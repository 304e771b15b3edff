import { createHash } from "node:crypto";
import type { DigestGuard } from "../../model/guard.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { type DigestFields, readDigest } from "../../request/digest.ts";
import { NO_CREDENTIALS } from "./password.ts";
import { PASSED, type Refused, type Verdict } from "./verdict.ts";

export interface DigestCheck {
  /** The expected response for a user's hash (RFC 7616 section 3.4.1). */
  readonly response: (hash: string, method: string, fields: DigestFields) => string;
  readonly issue: () => string;
  /** Uses a nonce; each `count` (`nc`) is accepted once. */
  readonly use: (nonce: string, count: string) => "good" | "stale";
}

/** `auth_digest` (ngx_http_auth_digest_module.c): MD5 with `qop="auth"`, or none as in RFC 2069. */
export function judgeDigest(
  guard: DigestGuard,
  authorization: string | undefined,
  { method, target }: { readonly method: string; readonly target: string },
  check: DigestCheck,
): Verdict {
  const fields = readDigest(authorization);
  if (fields === undefined) return challenge(guard, check, NO_CREDENTIALS);
  const field = (name: string) => fields.get(name) ?? "";
  const user = JSON.stringify(Buffer.from(field("username"), "latin1").toString());
  const hash = guard.users.get(field("username"));
  if (field("realm") !== guard.realm || hash === undefined)
    return challenge(guard, check, reason("unknown-user", `there is no user ${user} of this realm`));
  if (field("uri") !== target || field("response") !== check.response(hash, method, fields)) {
    const text = `the response of user ${user} is for something else`;
    return challenge(guard, check, reason("wrong-password", text));
  }
  if (check.use(field("nonce"), field("nc")) === "stale") return challenge(guard, check, STALE);
  return PASSED;
}

/** Clients give it back; go-http-auth draws it at its start. */
function opaqueFor(realm: string): string {
  return createHash("md5").update(`opaque ${realm}`).digest("base64url");
}

const STALE = reason("stale-nonce", "the nonce is none any more");

function challenge(guard: DigestGuard, { issue }: DigestCheck, cause: Reason): Refused {
  const { realm, why } = guard;
  const stale = cause === STALE ? ', stale="true"' : "";
  const nonce = issue();
  const value =
    guard.challenge === "go-http-auth"
      ? `Digest realm="${realm}", nonce="${nonce}", opaque="${opaqueFor(realm)}", algorithm="MD5", qop="auth"${stale}`
      : `Digest algorithm="MD5", qop="auth", realm="${realm}", nonce="${nonce}"${stale}`;
  return { kind: "refused", status: 401, why: [cause, why], headers: [["WWW-Authenticate", value]] };
}
