import type { RequestFacts, RespondDecision } from "../model/decision.ts";
import type { HeadRefusal } from "../model/head-refusal.ts";
import type { RequestLimits } from "../model/plane.ts";
import { type Reason, reason } from "../model/reason.ts";
import { validHost } from "../request/valid-host.ts";

/**
 * The answer to a malformed request, or one whose method the plane refuses; `undefined`: look for a route. In
 * nginx's order (ngx_http_process_request_header).
 */
export function malformed(
  facts: RequestFacts,
  limits: RequestLimits,
  refusedMethods: RefusedMethods,
): RespondDecision | undefined {
  const { refusal } = facts;
  return (
    (refusal?.late === true ? undefined : unread(refusal, limits)) ??
    (facts.target.startsWith("/") ? undefined : NO_PATH_DECISION) ??
    tooLong(facts, limits) ??
    repeated(facts) ??
    badHost(facts) ??
    unread(refusal, limits) ??
    badMethod(facts.method, refusedMethods)
  );
}

/** Methods that always get 405, with the reason. */
export type RefusedMethods = ReadonlyMap<string, string>;

function respond(status: number, why: Reason): RespondDecision {
  return { kind: "respond", status, why: [why], madeBy: "head" };
}

const NO_PATH_DECISION = respond(400, reason("bad-target", "the request target has no path"));

/** Refused while the head was read. */
function unread(refusal: HeadRefusal | undefined, limits: RequestLimits): RespondDecision | undefined {
  if (refusal === undefined) return undefined;
  if (refusal.why.code === "target-too-long") return targetTooLong(limits);
  return refusal.page === undefined ? respond(refusal.status, refusal.why) : headTooLarge(limits);
}

/** For heads over HTTP/2; HTTP/1 heads were counted while reading. */
function tooLong(
  { version, target, head }: RequestFacts,
  limits: RequestLimits,
): RespondDecision | undefined {
  if (version !== "2.0" || head === undefined) return undefined;
  const { lineBytes, headBytes, headerLines } = limits;
  if (target.length > lineBytes) return targetTooLong(limits);
  const fits = head.longest <= lineBytes && head.bytes <= headBytes && head.count <= headerLines;
  return fits ? undefined : headTooLarge(limits);
}

function targetTooLong({ lineBytes, option }: RequestLimits): RespondDecision {
  const text = `the request target is longer than ${lineBytes} bytes${inBrackets(option)}`;
  return respond(414, reason("target-too-long", text));
}

function headTooLarge({
  lineBytes,
  headBytes,
  option,
  headTooLarge: status,
}: RequestLimits): RespondDecision {
  const text = `a header is longer than ${lineBytes} bytes, or the head longer than ${headBytes}${inBrackets(option)}`;
  return { ...respond(status, reason("headers-too-large", text)), cause: "head too large" };
}

function inBrackets(option: string | undefined): string {
  return option === undefined ? "" : ` (${option})`;
}

/** A repeated header that the plane allows once. */
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

/** ngx_http_parse_request_line and ngx_http_v2_parse_method; the HTTP/1 parser accepts no other either. */
const METHOD = /^[A-Z_-]+$/;

function badMethod(method: string, refused: RefusedMethods): RespondDecision | undefined {
  if (!METHOD.test(method)) return BAD_METHOD;
  const why = refused.get(method);
  return why === undefined ? undefined : respond(405, reason("method-not-allowed", why));
}

const BAD_METHOD = respond(
  400,
  reason("bad-method", "the method is not one of HTTP: capitals, _ and - only"),
);
