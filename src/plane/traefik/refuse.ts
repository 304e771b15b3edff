import type { RequestFacts, RespondDecision } from "../../model/decision.ts";
import type { RequestLimits } from "../../model/plane.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { unescapePercent } from "../../request/go-url.ts";
import type { EntryOptionsByScheme } from "./entry-options.ts";

/** A header name or method that Go reads (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Bytes of a host (httpguts.ValidHostHeader). */
const HOST = /^[A-Za-z0-9!$%&'()*+,\-.:;=@[\]_~]*$/;

/** What net/http answers itself; `undefined`: Traefik looks for a router. Source: net/http/server.go, readRequest. */
export function refusedByGo(
  facts: RequestFacts,
  limits: RequestLimits,
  options: EntryOptionsByScheme,
): RespondDecision | undefined {
  const { refusal, method, target } = facts;
  if (refusal !== undefined && refusal.late !== true) return unread(refusal.status, refusal.why, limits);
  if (target === "*" && method === "OPTIONS") return ALL;
  return (
    badLine(facts) ??
    badHost(facts) ??
    (refusal === undefined ? tooLarge(facts, limits) : unread(refusal.status, refusal.why, limits)) ??
    underscored(facts, options)
  );
}

const ALL: RespondDecision = {
  kind: "respond",
  status: 200,
  text: "",
  why: [reason("options-all", "net/http answers OPTIONS * itself")],
};

function refused(why: Reason, detail = ""): RespondDecision {
  const text = `400 Bad Request${detail === "" ? "" : `: ${detail}`}`;
  return { kind: "respond", status: 400, text, why: [why], madeBy: "head" };
}

function unread(status: number, why: Reason, limits: RequestLimits): RespondDecision {
  if (why.code === "target-too-long" || why.code === "headers-too-large")
    return {
      kind: "respond",
      status: limits.headTooLarge,
      why: [why],
      madeBy: "head",
      cause: "head too large",
    };
  return status === 400 ? refused(why) : { kind: "respond", status, why: [why], madeBy: "head" };
}

function badLine({ method, target }: RequestFacts): RespondDecision | undefined {
  if (!TOKEN.test(method)) return refused(reason("bad-method", "the method is no token of HTTP"));
  const mark = target.indexOf("?");
  const path = mark < 0 ? target : target.slice(0, mark);
  if (target !== "*" && !target.startsWith("/"))
    return refused(reason("bad-target", "the request target has no path"));
  if (unescapePercent(path) === undefined || /[\x00-\x20\x7f]/.test(target))
    return refused(reason("bad-path", "the path has a bad escape"));
  return undefined;
}

function badHost({ head, host, authority, pseudoAuthority, version = "1.1" }: RequestFacts) {
  if (head === undefined) return undefined;
  if (head.hosts > 1) return refused(reason("repeated-header", "there are two Host headers"));
  const isNamed = head.hosts > 0 || pseudoAuthority !== undefined;
  if (!isNamed && version === "1.1")
    return refused(reason("no-host-header", "there is no Host header"), "missing required Host header");
  if (!HOST.test(authority ?? host))
    return refused(reason("bad-host", "the Host header names no host"), "malformed Host header");
  return undefined;
}

/** For heads over HTTP/2; HTTP/1 heads were counted while reading. */
function tooLarge({ version, head }: RequestFacts, limits: RequestLimits): RespondDecision | undefined {
  if (version !== "2.0" || head === undefined || head.bytes <= limits.headBytes) return undefined;
  return unread(
    431,
    reason("headers-too-large", `the head is longer than ${limits.headBytes} bytes`),
    limits,
  );
}

/** `underscoreHeadersStrategy: reject` */
function underscored(
  { head, scheme }: RequestFacts,
  options: EntryOptionsByScheme,
): RespondDecision | undefined {
  if (options[scheme].underscores !== "refused") return undefined;
  const isOdd = (lines: readonly string[]) => lines.some((name, at) => at % 2 === 0 && name.includes("_"));
  if (head === undefined || !(isOdd(head.kept) || isOdd(head.claimed))) return undefined;
  const why = reason(
    "underscore-header",
    "a header name has an underscore (underscoreHeadersStrategy: reject)",
  );
  return { kind: "respond", status: 400, text: "Bad Request\n", why: [why], madeBy: "head" };
}
