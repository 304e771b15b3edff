import type { RequestFacts, RespondDecision } from "../../model/decision.ts";
import type { RequestLimits } from "../../model/plane.ts";
import { type Reason, reason } from "../../model/reason.ts";

/** The words of Envoy's HTTP/1 codec, which reads no further. */
const BAD_REQUEST = "Bad Request";

function respond(status: number, why: Reason, text?: string): RespondDecision {
  return { kind: "respond", status, text, why: [why], madeBy: "head" };
}

const NO_HOST = respond(400, reason("no-host-header", "there is no Host header"));
const BAD_HOST = respond(400, reason("bad-host", "the Host header names no host"), BAD_REQUEST);
const BAD_TARGET = respond(400, reason("bad-target", "the request target is no path"), BAD_REQUEST);
const BAD_BYTES = respond(
  400,
  reason("bad-target", "the request target has a blank, a control or a byte above 127"),
  BAD_REQUEST,
);
const NO_ROUTE = respond(404, reason("no-rule-for-path", "no route is for a target without path"));

/** What becomes of header names with an underscore. */
export type Underscores = "passed" | "dropped" | "refused";

const UNDERSCORE = respond(400, reason("bad-header", "a header name has an underscore"), BAD_REQUEST);

const OLD_VERSION = respond(
  426,
  reason("bad-version", "the client speaks HTTP/1.0, which is off (`http1.http10` of a ClientTrafficPolicy)"),
);

/** Refusals beside those of malformed requests. */
interface Refusals {
  /** default: passed */
  readonly underscores?: Underscores | undefined;
  /** default: served */
  readonly http10?: "refused" | undefined;
}

/** A character that no host has (nghttp2_check_authority), but for a tab behind it. */
const NOT_IN_HOSTS = /[^!$%&'()*+,\-.0-9:;=@A-Z[\]_a-z~]/;

/** Those that Envoy's parser knows (balsa_parser.cc, isMethodValid); measured on 1.40. */
const METHODS: ReadonlySet<string> = new Set(
  `ACL BIND CHECKOUT CONNECT COPY DELETE GET HEAD LINK LOCK MERGE MKACTIVITY MKCALENDAR MKCOL MOVE MSEARCH NOTIFY OPTIONS
  PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REBIND REPORT SEARCH SOURCE SUBSCRIBE TRACE UNBIND UNLINK UNLOCK
  UNSUBSCRIBE`.split(/\s+/),
);

const UNKNOWN_METHOD = respond(400, reason("bad-method", "Envoy does not know the method"), BAD_REQUEST);
const NO_CONTENT_TYPE = respond(400, reason("bad-header", "a QUERY has no Content-Type"));
const BAD_HEADER = respond(
  400,
  reason("bad-header", "a header name is no token, or its value has a control character"),
  BAD_REQUEST,
);
/** `a.test:443`, as CONNECT asks for it. */
const AUTHORITY = /^(?:[^/:?#]+|\[[0-9a-fA-F:.]+\]):\d+$/;

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

/** The answer to a request that no route is looked for. */
export function refusedByEnvoy(
  facts: RequestFacts,
  limits: RequestLimits,
  { underscores = "passed", http10 }: Refusals = {},
): RespondDecision | undefined {
  const { refusal, head, target, method, host, authority, pseudoAuthority, version } = facts;
  if (refusal?.page !== undefined || isTooLarge(facts, limits)) return tooLarge(limits);
  if (refusal?.why.code === "target-too-long") return tooLarge(limits);
  const isText = version !== "2.0";
  if (isText && !METHODS.has(method)) return UNKNOWN_METHOD;
  if (method === "CONNECT") return AUTHORITY.test(target) ? NO_ROUTE : BAD_TARGET;
  if (method === "OPTIONS" && target === "*") return NO_ROUTE;
  if (http10 === "refused" && (refusal === undefined ? version === "1.0" : refusal.status === 505))
    return OLD_VERSION;
  if (refusal !== undefined) return respond(refusal.status, refusal.why, BAD_REQUEST);
  if (!target.startsWith("/")) return BAD_TARGET;
  if (/[^\x21-\x7e]/.test(target)) return BAD_BYTES;
  if (head === undefined) return undefined;
  if (isText && head.kept.some((text, at) => (at % 2 === 0 ? !TOKEN.test(text) : CONTROL.test(text))))
    return BAD_HEADER;
  if (underscores === "refused" && head.kept.some((text, at) => at % 2 === 0 && text.includes("_")))
    return UNDERSCORE;
  if (head.hosts === 0 && pseudoAuthority === undefined && authority === undefined) return NO_HOST;
  if (NOT_IN_HOSTS.test((authority ?? host).trimEnd())) return BAD_HOST;
  if (method === "QUERY" && facts.header("content-type") === undefined) return NO_CONTENT_TYPE;
  return undefined;
}

function isTooLarge({ head }: RequestFacts, { headBytes, headerLines }: RequestLimits): boolean {
  return head !== undefined && (head.bytes > headBytes || head.count > headerLines);
}

function tooLarge({ headBytes, headerLines }: RequestLimits): RespondDecision {
  const text = `the head is longer than ${headBytes} bytes, or has more than ${headerLines} lines`;
  return { ...respond(431, reason("headers-too-large", text)), cause: "head too large" };
}
