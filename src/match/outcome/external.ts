import type { HeaderLine, RequestFacts } from "../../model/decision.ts";
import type { ExternalAuthGuard, ForwardSettings } from "../../model/guard.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { PASSED, type Refused, refused, type Verdict } from "./verdict.ts";

/** Marks a question that reaches this proxy: a location that asks itself would do so forever. */
export const ASKED_HEADER = "X-Ingress-Dev-Asked";

/** What becomes of a request whose authentication service cannot be asked: 500 as in nginx, or what others say. */
export function unaskable(
  guard: ExternalAuthGuard,
  facts: Pick<RequestFacts, "header" | "noEndpoints" | "bodySize">,
): Verdict | undefined {
  const tooLarge = tooLargeToForward(guard, facts);
  if (tooLarge !== undefined) return { ...tooLarge, text: "" };
  const why = unaskedBecause(guard, facts);
  return why && unanswered(guard, [why]);
}

/**
 * No answer of the service. Traefik says no words, and Envoy has a status of its own, or lets the request in (`status_on_error`,
 * `failure_mode_allow`).
 */
export function unanswered(
  { forward, settings, why }: ExternalAuthGuard,
  because: readonly [Reason, ...Reason[]],
): Verdict {
  const [first, ...others] = because;
  if (settings.asker === "ext_authz")
    return settings.failure === "open" ? PASSED : { ...refused(403, first, ...others, why), text: "" };
  const found = refused(500, first, ...others, why);
  return forward === undefined ? found : { ...found, text: "" };
}

/** `maxBodySize` (pkg/middlewares/auth/forward.go) */
function tooLargeToForward(
  { forward, why }: ExternalAuthGuard,
  { bodySize = 0 }: Pick<RequestFacts, "bodySize">,
): Refused | undefined {
  const most = forward?.body?.most ?? -1;
  if (most < 0 || bodySize <= most) return undefined;
  const text = `the body is larger than ${most} bytes, which the authentication service would get (maxBodySize)`;
  return refused(401, reason("body-limit", text), why);
}

function unaskedBecause(
  { target }: ExternalAuthGuard,
  { header, noEndpoints }: Pick<RequestFacts, "header" | "noEndpoints">,
): Reason | undefined {
  if (target.kind === "none") return reason("auth-service-failed", target.why);
  if (target.kind === "service") {
    const absent = noEndpoints(target.backend, target.scheme === "https" ? "HTTPS" : "HTTP");
    return absent === undefined ? undefined : reason("auth-service-failed", absent);
  }
  const isNested = target.kind === "here" && header(ASKED_HEADER.toLowerCase()) !== undefined;
  return isNested ? BEHIND_ITSELF : undefined;
}

const BEHIND_ITSELF = reason(
  "auth-service-failed",
  "the authentication service stands behind itself: asking it would never end",
);

/** `advice`: what to do about it; a sentence. */
export function notAsked(guard: ExternalAuthGuard, cause: string, advice: string | undefined): Verdict {
  const failed = reason("auth-service-failed", `the authentication service could not be asked: ${cause}`);
  return unanswered(guard, advice === undefined ? [failed] : [failed, reason("advice", advice)]);
}

export interface JudgedReply {
  readonly verdict: Verdict;
  /** Cookies of the service, and the responses that get them. default: none */
  readonly cookie?:
    | {
        readonly values: readonly string[];
        readonly when: "always" | "below-400";
        /** Cookies of the backend that are left out, by name. default: none */
        readonly inPlaceOf?: readonly string[] | undefined;
      }
    | undefined;
}

/** What an authentication service answered. */
interface AuthReply {
  readonly status: number;
  readonly headers: readonly HeaderLine[];
  /** default: unknown */
  readonly body?: Uint8Array | undefined;
}

/**
 * nginx's auth_request, or the Lua replacing it: the status decides, and some headers go on to the backend.
 * Any status but yes or no gives 500.
 */
export function judgeReply(guard: ExternalAuthGuard, reply: AuthReply): JudgedReply {
  const { status, headers } = reply;
  if (guard.forward !== undefined)
    return { verdict: judgeForward(guard, guard.forward, reply), cookie: cookiesAdded(guard.forward, reply) };
  const { asker, cookie: when, responseHeaders } = guard.settings;
  const lua = asker === "lua";
  const headerValue = (name: string) =>
    headers
      .filter(([found]) => found.toLowerCase() === name.toLowerCase())
      .map(([, value]) => value)
      .join(", ");
  const passed = asker === "auth_request" ? status >= 200 && status < 300 : status === 200;
  // nginx joins several cookies in $upstream_http_set_cookie.
  const value = headerValue("set-cookie");
  const isSet = value !== "" && (passed || !lua);
  const cookie = isSet ? ({ values: [value], when: lua ? "below-400" : when } as const) : undefined;
  if (passed && lua && responseHeaders.length > 0)
    return { verdict: refused(500, LUA_FAILS, guard.why), cookie };
  if (asker === "ext_authz" && status >= 500) {
    const failed = reason("auth-service-failed", `the authentication service answered ${status}`);
    return { verdict: unanswered(guard, [failed]) };
  }
  if (!passed && asker === "ext_authz") return { verdict: passedToClient(guard, reply), cookie };
  if (!passed) return { verdict: refusedByService(guard, status, headerValue("www-authenticate")), cookie };
  const requestHeaders = responseHeaders.map((name) => [name, headerValue(name)] as const);
  return {
    verdict: { kind: "passed", requestHeaders: requestHeaders.length === 0 ? undefined : requestHeaders },
    cookie,
  };
}

/** The template counts its variables from 0, the Lua from 1 (nginx.tmpl, ngx_conf_external_auth.lua). */
const LUA_FAILS = reason(
  "auth-service-failed",
  "auth-response-headers beside auth-keepalive makes the controller's Lua fail, and every request that the service lets in with it",
);

function refusedByService({ settings, why }: ExternalAuthGuard, status: number, challenge: string): Refused {
  const said = `the authentication service answered ${status}`;
  if (status !== 401 && status !== 403) {
    const text = `${said}, which is neither a yes nor a no to nginx`;
    return refused(500, reason("auth-service-failed", text), why);
  }
  const isPassedOn = status === 401 && settings.asker !== "lua" && challenge !== "";
  const headers: readonly HeaderLine[] = isPassedOn ? [["WWW-Authenticate", challenge]] : [];
  return { kind: "refused", status, why: [reason("auth-service", said), why], headers };
}

/** Envoy gives the client the whole answer of a service that says no. */
function passedToClient({ why }: ExternalAuthGuard, { status, headers, body }: AuthReply): Refused {
  const own = headers.filter(([name]) => !NOT_PASSED_ON.has(name.toLowerCase()));
  const [, location] = headers.find(([name]) => name.toLowerCase() === "location") ?? [];
  const said = reason("auth-service", `the authentication service answered ${status}`);
  return { kind: "refused", status, text: "", body, location, headers: own, why: [said, why] };
}

/** Cookies of these names are the service's alone (pkg/middlewares/auth/forward.go, buildModifier). */
function cookiesAdded({ cookies }: ForwardSettings, { status, headers }: AuthReply): JudgedReply["cookie"] {
  if (cookies.length === 0 || status < 200 || status >= 300) return undefined;
  const values = headers.flatMap(([name, value]) => (name.toLowerCase() === "set-cookie" ? [value] : []));
  const isNamed = (value: string) => cookies.includes(value.split("=", 1)[0]?.trim() ?? "");
  return { values: values.filter(isNamed), when: "always", inPlaceOf: cookies };
}

/** 2xx lets the request in; every other answer is the client's (pkg/middlewares/auth/forward.go). */
function judgeForward(
  { settings, why, signin }: ExternalAuthGuard,
  { responseHeaders, responsePattern, location: kept }: ForwardSettings,
  { status, headers, body }: AuthReply,
): Verdict {
  const sentValue = (name: string) =>
    headers.find(([found]) => found.toLowerCase() === name.toLowerCase())?.[1];
  if (status >= 200 && status < 300) {
    const named = responseHeaders.map((name) => [name, sentValue(name) ?? ""] as const);
    const matched = headers.filter(([name]) => {
      const found = responsePattern?.exec(name);
      return found !== undefined && found !== null && found !== "too-complex";
    });
    const requestHeaders = [...named, ...matched];
    return requestHeaders.length === 0 ? PASSED : { kind: "passed", requestHeaders };
  }
  const said = reason("auth-service", `the authentication service answered ${status}`);
  if (status === 401 && signin !== undefined)
    return { kind: "refused", status: 401, text: "", why: [said, why] };
  const location = sentValue("location");
  const origin = /^https?:\/\/[^/?#]+/i.exec(settings.url.source)?.[0] ?? "";
  const target = kept === "kept" || location?.startsWith("/") !== true ? location : origin + location;
  const others = headers.filter(([name]) => !NOT_PASSED_ON.has(name.toLowerCase()));
  return { kind: "refused", status, text: "", body, location: target, headers: others, why: [said, why] };
}

/** About the service's own connection. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  ...["connection", "keep-alive", "transfer-encoding", "content-length"],
  ...["date", "location", "trailer", "upgrade"],
]);
