import type { Decision, HeaderLine } from "../model/decision.ts";
import type { Upstream } from "../model/upstream.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, hasBody, isIdempotent } from "./exchange.ts";
import { backendHost, errorPageHeaders, forwardedHeaders, withLines } from "./forwarded-headers.ts";
import { ClientBody } from "./upload.ts";

/** A decision to forward. */
export type Forward = Extract<Decision, { kind: "forward" }>;

/** The headers for the backend, without `Upgrade`, and without `Connection` unless an annotation sets it. */
export function backendHeaders(context: ProxyContext, exchange: Exchange, decision: Forward): string[] {
  const way = {
    host: backendHost(exchange.host),
    remoteAddress: exchange.connection.remoteAddress,
    port: context.forwardedPorts[exchange.scheme],
    scheme: exchange.scheme,
    requestId: exchange.id,
  };
  const headers =
    decision.errorPage === undefined
      ? forwardedHeaders(exchange.headers, way)
      : errorPageHeaders(exchange.headers, way);
  const lines = decision.requestHeaders;
  const { body } = exchange;
  if (exchange.spent || body?.whole === false) return withLines(headers, [...(lines ?? []), NO_BODY]);
  // A body without a length that has been read whole has one.
  if (exchange.headers.contentLength === "" && body?.length !== undefined)
    headers.push("Content-Length", String(body.length));
  return withLines(headers, lines);
}

/** Of a body that is not sent nothing is announced. */
const NO_BODY: HeaderLine = ["Content-Length", ""];

/** The path and query that the backend is asked for. A byte that may not be in a request line is escaped. */
export function backendPath(decision: Forward, upstream: Upstream): string {
  const path = upstream.basePath + decision.upstreamPath;
  const rooted = path.startsWith("/") ? path : `/${path}`;
  return FORBIDDEN.test(rooted) ? rooted.replace(FORBIDDEN_ALL, encodeURIComponent) : rooted;
}

const FORBIDDEN = /[^\x21-\xff]/;
const FORBIDDEN_ALL = /[^\x21-\xff]/g;

/** So much of a request's body is kept, so that it can be sent once more: what `proxy-body-size` allows by default. */
const KEPT_BYTES = 1_048_576;

/** The body of a request, for the upstreams that are sent it; `undefined` where there is none, or none any more. */
export function bodyOf(context: ProxyContext, exchange: Exchange, decision: Forward): ClientBody | undefined {
  if (!hasBody(exchange) || exchange.spent) return undefined;
  exchange.body ??= newBody(context, exchange, decision);
  return exchange.body.whole ? exchange.body : undefined;
}

/** Whether the body may be wanted once more, or whole. */
function isKept(exchange: Exchange, { route, mirror }: Forward): boolean {
  const { errors, nextUpstream, buffers } = route.settings;
  if (mirror !== undefined || buffers?.request === "gathered") return true;
  if (buffers?.request === "passed-on") return false;
  const again = isIdempotent(exchange.method) || nextUpstream?.conditions.has("non_idempotent") === true;
  return again || errors !== undefined;
}

function newBody(context: ProxyContext, exchange: Exchange, decision: Forward): ClientBody {
  const { bodyLimit, sendTimeoutMs } = decision.route.settings;
  const keptBytes = isKept(exchange, decision) ? KEPT_BYTES : 0;
  const limits = { bytes: bodyLimit, keptBytes, idleMs: context.limits.bodyIdleMs, sendMs: sendTimeoutMs };
  return new ClientBody(exchange.request, limits, () => {
    if (exchange.headers.expect.toLowerCase() === "100-continue") exchange.response.writeContinue();
  });
}
