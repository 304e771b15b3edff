import { createHash } from "node:crypto";
import type { HeaderLine } from "../../model/decision.ts";
import { type Reason, reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** `basic_auth` of Envoy: an htpasswd file with SHA hashes. */
export interface EnvoyPasswordStep {
  readonly kind: "envoy-password";
  /** SHA-1 in base64 by user; one char per byte. */
  readonly users: ReadonlyMap<string, string>;
  readonly why: Reason;
}

/** `api_key_auth` of Envoy. */
export interface EnvoyKeyStep {
  readonly kind: "envoy-key";
  readonly keys: ReadonlySet<string>;
  /** Where a key may be, in order: the first that is there counts. `name` of a header in lower case */
  readonly from: readonly { readonly kind: "header" | "query" | "cookie"; readonly name: string }[];
  readonly why: Reason;
}

const FAILED = "User authentication failed.";

export function askPassword(at: Arrival, { users, why }: EnvoyPasswordStep): Change | undefined {
  const { request } = at;
  const sent = request.header("authorization");
  const refuse = (text: string) => {
    const realm = `${request.scheme}://${request.host}${at.path.sent ?? request.target}`;
    const challenge: HeaderLine = [
      "www-authenticate",
      `Basic realm="${realm.replace(/[\x00-\x1f\x7f"]/g, "")}"`,
    ];
    return refused(at, `${FAILED} ${text}`, why, [challenge]);
  };
  if (sent === undefined) return refuse("Missing username and password.");
  if (!sent.startsWith("Basic ")) return refuse("Expected 'Basic' authentication scheme.");
  const decoded = Buffer.from(sent.slice("Basic ".length), "base64").toString("latin1");
  const colon = decoded.indexOf(":");
  if (colon < 0) return refuse("Invalid basic credential, missing ':'.");
  const hash = createHash("sha1")
    .update(decoded.slice(colon + 1), "latin1")
    .digest("base64");
  return users.get(decoded.slice(0, colon)) === hash
    ? undefined
    : refuse("Invalid username/password combination.");
}

export function askKey(at: Arrival, { keys, from, why }: EnvoyKeyStep): Change | undefined {
  for (const place of from) {
    const key = keyAt(place, at);
    if (key === undefined) continue;
    return keys.has(key) ? undefined : refused(at, KEY_FAILED, why);
  }
  return refused(at, KEY_FAILED, why);
}

const KEY_FAILED = "Client authentication failed.";

function keyAt({ kind, name }: EnvoyKeyStep["from"][number], { request, path }: Arrival): string | undefined {
  if (kind === "header") return request.header(name);
  const pairs = kind === "query" ? path.query.split("&") : (request.header("cookie") ?? "").split(/;\s*/);
  const found = pairs.find((pair) => pair.split("=", 1)[0] === name && pair !== "");
  return found?.slice(name.length + 1);
}

function refused({ route }: Arrival, text: string, why: Reason, headers?: readonly HeaderLine[]): Change {
  const because = [reason("no-credentials", text), why, ...route.why];
  return { decision: { kind: "respond", status: 401, text, headers, route, why: because } };
}
