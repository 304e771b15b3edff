import { createHash } from "node:crypto";
import { noCredentials } from "../../../match/access.ts";
import type { DigestGuard } from "../../../model/guard.ts";
import { type Reason, reason } from "../../../model/reason.ts";
import { type DigestFields, readDigest } from "../../../request/digest.ts";
import { headerOf } from "../../../request/header-of.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { PASSED, type Verdict } from "./verdict.ts";

/** `auth_digest` (ngx_http_auth_digest_module.c): MD5 and `qop="auth"`, or none, as RFC 2069 had it. */
export function askDigest(context: ProxyContext, exchange: Exchange, guard: DigestGuard): Verdict {
  const fields = readDigest(headerOf(exchange.request.rawHeaders, "authorization"));
  if (fields === undefined) return challenge(context, guard, "", noCredentials(guard).why);
  const field = (name: string) => fields.get(name) ?? "";
  const user = JSON.stringify(Buffer.from(field("username"), "latin1").toString());
  const hash = guard.users.get(field("username"));
  if (field("realm") !== guard.realm || hash === undefined)
    return challenge(context, guard, "", [
      reason("unknown-user", `there is no user ${user} of this realm`),
      guard.why,
    ]);
  if (field("uri") !== exchange.target || field("response") !== responseOf(hash, exchange.method, fields))
    return challenge(context, guard, "", [
      reason("wrong-password", `the response of user ${user} is for something else`),
      guard.why,
    ]);
  if (context.nonces.use(field("nonce"), field("nc")) === "stale")
    return challenge(context, guard, ', stale="true"', [
      reason("stale-nonce", "the nonce is none any more"),
      guard.why,
    ]);
  return PASSED;
}

function responseOf(hash: string, method: string, fields: DigestFields): string {
  const field = (name: string) => fields.get(name) ?? "";
  const asked = md5(`${method}:${field("uri")}`);
  const within = fields.has("qop") ? [field("nc"), field("cnonce"), field("qop")] : [];
  return md5([hash, field("nonce"), ...within, asked].join(":"));
}

function challenge(
  { nonces }: ProxyContext,
  { realm }: DigestGuard,
  more: string,
  why: readonly Reason[],
): Verdict {
  const value = `Digest algorithm="MD5", qop="auth", realm="${realm}", nonce="${nonces.issue()}"${more}`;
  return { kind: "refused", answer: { status: 401, why, headers: [["WWW-Authenticate", value]] } };
}

function md5(text: string): string {
  return createHash("md5").update(text, "latin1").digest("hex");
}
