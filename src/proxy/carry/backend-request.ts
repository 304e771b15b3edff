import type { Decision } from "../../model/decision.ts";
import type { Hop } from "../../model/plane.ts";
import type { Upstream } from "../../model/upstream.ts";
import type { ProxyContext } from "../exchange/context.ts";
import { type Exchange, hasBody } from "../exchange/exchange.ts";
import { ClientBody } from "./upload.ts";

/** A decision to forward. */
export type Forward = Extract<Decision, { kind: "forward" }>;

/**
 * The headers for the backend, names and values in turn, and the length of the body that they announce; `""` for none.
 */
export interface BackendHeaders {
  readonly lines: string[];
  readonly length: string;
}

/** The headers for a backend, as the plane sends them. */
export function backendHeaders(context: ProxyContext, exchange: Exchange, decision: Forward): BackendHeaders {
  const hop: Hop = {
    host: exchange.host,
    remoteAddress: exchange.connection.remoteAddress,
    port: context.forwardedPorts[exchange.scheme],
    scheme: exchange.scheme,
    requestId: exchange.id,
    exact: context.exact,
  };
  const length = bodyLength(exchange);
  return { lines: exchange.plane.requestHeaders(exchange.headers, hop, length, decision), length };
}

/** What `Content-Length` says to the backend; `""` for none. */
export function bodyLength(exchange: Exchange): string {
  const { body, spent, headers } = exchange;
  // What was thrown away is none any more (ngx_http_discard_request_body), and what is gone cannot be sent.
  if (spent || body?.whole === false) return hasBody(exchange) ? "0" : headers.contentLength;
  // A body without a length that has been read whole has one.
  if (headers.contentLength === "" && body?.length !== undefined) return String(body.length);
  return headers.contentLength;
}

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
export function bodyOf(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
): ClientBody | undefined {
  if (!hasBody(exchange) || exchange.spent) return undefined;
  exchange.body ??= newBody(context, exchange, decision, upstream);
  return exchange.body.whole ? exchange.body : undefined;
}

/** A body without a length that is to have one is kept up to so many bytes; a longer one is passed on as it comes. */
export const MOST_MEASURED_BYTES = 64 * 1024 * 1024;

/**
 * True of a body that comes without a length and is read whole, to be sent with one: so does nginx
 * (`proxy_request_buffering on`); without `--exact` it is sent as it comes (docs/differences.md). A FastCGI application
 * has to know the length in any case.
 */
export function isMeasured(
  context: ProxyContext,
  exchange: Exchange,
  { route }: Forward,
  upstream: Upstream,
): boolean {
  if (exchange.headers.contentLength !== "" || !hasBody(exchange)) return false;
  return upstream.protocol === "fcgi" || (context.exact && route.transport.buffers?.request !== "passed-on");
}

/**
 * True of a body that may be wanted once more, or whole: by another upstream, for an error page, at the path that
 * `X-Accel-Redirect` names.
 */
function isKept({ route, mirror }: Forward): boolean {
  return mirror !== undefined || route.transport.buffers?.request !== "passed-on";
}

function newBody(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
): ClientBody {
  const { bodyLimit, sendTimeoutMs } = decision.route.transport;
  const usual = isKept(decision) ? KEPT_BYTES : 0;
  const keptBytes = isMeasured(context, exchange, decision, upstream) ? MOST_MEASURED_BYTES : usual;
  const limits = {
    bytes: bodyLimit,
    keptBytes,
    idleMs: context.client().bodyIdleMs ?? context.limits.bodyIdleMs,
    sendMs: sendTimeoutMs,
  };
  return new ClientBody(exchange.request, limits, () => {
    if (exchange.headers.expect.toLowerCase() === "100-continue") exchange.response.writeContinue();
  });
}
