import type { RequestFacts, RespondDecision } from "../../model/decision.ts";
import type { HeadRefusal } from "../../model/head-refusal.ts";
import type { RequestLimits } from "../../model/plane.ts";
import { type Reason, reason } from "../../model/reason.ts";
import { validHost } from "../../request/valid-host.ts";

/**
 * The answer to a request that is malformed, or of a method that is never answered: no route is looked for. `undefined`:
 * there is a route to look for. In nginx's order.
 */
export function malformed(facts: RequestFacts, limits: RequestLimits): RespondDecision | undefined {
  const { refusal } = facts;
  return (
    (refusal?.late === true ? undefined : unread(refusal, limits)) ??
    (facts.target.startsWith("/") ? undefined : NO_PATH_DECISION) ??
    tooLong(facts, limits) ??
    repeated(facts) ??
    badHost(facts) ??
    unread(refusal, limits) ??
    badMethod(facts.method)
  );
}

function respond(status: number, why: Reason): RespondDecision {
  return { kind: "respond", status, why: [why], madeBy: "head" };
}

const NO_PATH_DECISION = respond(400, reason("bad-target", "the request target has no path"));

/** Found while the head was read. */
function unread(
  refusal: HeadRefusal | undefined,
  { headTooLarge }: RequestLimits,
): RespondDecision | undefined {
  if (refusal === undefined) return undefined;
  if (refusal.page === undefined) return respond(refusal.status, refusal.why);
  return { ...respond(headTooLarge, refusal.why), cause: "head too large" };
}

/** `large-client-header-buffers`, of a head that came by HTTP/2; one of HTTP/1 has been counted as it was read. */
function tooLong(
  { version, target, head }: RequestFacts,
  limits: RequestLimits,
): RespondDecision | undefined {
  if (version !== "2.0" || head === undefined) return undefined;
  const { lineBytes, headBytes, headerLines, headTooLarge } = limits;
  if (target.length > lineBytes)
    return respond(414, reason("target-too-long", `the request target is longer than ${lineBytes} bytes`));
  if (head.longest <= lineBytes && head.bytes <= headBytes && head.count <= headerLines) return undefined;
  const text = `a header, or all of them, are longer than ${lineBytes} bytes (large-client-header-buffers)`;
  return { ...respond(headTooLarge, reason("headers-too-large", text)), cause: "head too large" };
}

/** A header that nginx takes once (ngx_http_process_unique_header_line). */
function repeated({ head }: RequestFacts): RespondDecision | undefined {
  if (head === undefined || head.repeated === "") return undefined;
  return respond(400, reason("repeated-header", `there are two ${head.repeated} headers`));
}

function badHost(facts: RequestFacts): RespondDecision | undefined {
  const { head, host, authority, pseudoAuthority, version = "1.1" } = facts;
  if (head === undefined) return undefined;
  if (head.hosts === 1 && pseudoAuthority !== undefined && pseudoAuthority !== head.host) return HOSTS_DIFFER;
  const isNamed = head.hosts > 0 || pseudoAuthority !== undefined;
  const mayBeUnnamed = version === "1.0" || version.startsWith("0.");
  if (!isNamed && !mayBeUnnamed) return NO_HOST;
  if (isNamed && !validHost(host)) return BAD_HOST;
  return authority === undefined || validHost(authority) ? undefined : BAD_AUTHORITY;
}

const HOSTS_DIFFER = respond(400, reason("bad-host", "Host and :authority differ"));
const NO_HOST = respond(400, reason("no-host-header", "there is no Host header"));
const BAD_HOST = respond(400, reason("bad-host", "the Host header names no host"));
const BAD_AUTHORITY = respond(400, reason("bad-host", "the request target names no host"));

/** nginx's words for a method (ngx_http_parse_request_line, ngx_http_v2_parse_method). */
const METHOD = /^[A-Z_-]+$/;

/** ngx_http_process_request_header. */
function badMethod(method: string): RespondDecision | undefined {
  if (!METHOD.test(method)) return BAD_METHOD;
  if (method === "TRACE") return NO_TRACE;
  return method === "CONNECT" ? NO_CONNECT : undefined;
}

const BAD_METHOD = respond(
  400,
  reason("bad-method", "the method is not one of HTTP: capitals, _ and - only"),
);
const NO_TRACE = respond(405, reason("method-not-allowed", "nginx does not answer TRACE"));
const NO_CONNECT = respond(405, reason("method-not-allowed", "no tunnels are made"));
