import type { ForwardDecision } from "../../model/decision.ts";
import type { Hop } from "../../model/plane.ts";
import type { Upstream } from "../../model/upstream.ts";
import { ClientBody } from "../exchange/client-body.ts";
import { type Exchange, hasBody } from "../exchange/exchange.ts";
import type { Carrying } from "./carrying.ts";

/**
 * Headers for the backend, names and values alternating, and the body length that they announce; `""` for
 * none.
 */
export interface BackendHeaders {
  readonly lines: string[];
  readonly length: string;
}

/** The headers for a backend, as the plane sends them. */
export function backendHeaders(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  { address, name }: Upstream,
): BackendHeaders {
  const hop: Hop = {
    host: exchange.host,
    authority: exchange.facts?.authority,
    endpoint: address ?? name,
    told: decision.route.transport.host,
    timeoutMs: decision.route.transport.toldTimeoutMs,
    spoken: /^GRPC/.test(decision.route.transport.protocol) ? "HTTP/2" : undefined,
    remoteAddress: exchange.connection.remoteAddress,
    method: exchange.method,
    hasBody: hasBody(exchange),
    port: context.clientPort(exchange.scheme),
    scheme: exchange.scheme,
    requestId: exchange.id,
    exact: context.exact,
  };
  const length = decision.anew === undefined ? bodyLength(exchange) : "";
  return { lines: exchange.plane.requestHeaders(exchange.headers, hop, length, decision), length };
}

/** The backend's `Content-Length`; `""` for none. */
export function bodyLength(exchange: Exchange): string {
  const { body, isBodyDropped, headers } = exchange;
  // A discarded body counts as none (ngx_http_discard_request_body), and a consumed one cannot be sent again.
  if (isBodyDropped || body?.whole === false) return hasBody(exchange) ? "0" : headers.contentLength;
  // A completely read body has a length.
  if (headers.contentLength === "" && body?.length !== undefined) return String(body.length);
  return headers.contentLength;
}

/** The backend's path and query, with invalid bytes escaped. */
export function backendPath(
  { plane }: Pick<Exchange, "plane">,
  decision: ForwardDecision,
  upstream: Upstream,
): string {
  const path = upstream.basePath + decision.upstreamPath;
  const isSent = path.startsWith("/") || (plane.unrooted === "as it is" && path !== "");
  const rooted = isSent ? path : `/${path}`;
  return FORBIDDEN.test(rooted) ? rooted.replace(FORBIDDEN_ALL, encodeURIComponent) : rooted;
}

const FORBIDDEN = /[^\x21-\xff]/;
const FORBIDDEN_ALL = /[^\x21-\xff]/g;

/** Bytes of a body kept for a retry: `proxy-body-size`'s default. */
const KEPT_BYTES = 1_048_576;

/** The body for all tries; `undefined` without one, or once discarded. */
export function bodyOf(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  upstream: Upstream,
): ClientBody | undefined {
  if (!hasBody(exchange) || exchange.isBodyDropped || decision.anew !== undefined) return undefined;
  const body = exchange.bodyFor(() => newBody(context, exchange, decision, upstream));
  return body.whole ? body : undefined;
}

/** Limit for measuring a body without length; longer ones are streamed. unit: bytes */
export const MOST_MEASURED_BYTES = 64 * 1024 * 1024;

/**
 * True for a body without length that is read whole first, where the plane does so (nginx's `proxy_request_buffering on`).
 * Without `--exact` it is streamed (docs/differences.md). FastCGI always needs the length, and so does an error backend:
 * it is asked by HTTP/1.0, which has no chunks (ngx_http_proxy_handler).
 */
export function isMeasured(
  context: Carrying,
  exchange: Exchange,
  { route, errorPage }: ForwardDecision,
  upstream: Upstream,
): boolean {
  if (exchange.headers.contentLength !== "" || !hasBody(exchange)) return false;
  if (upstream.protocol === "fcgi" || errorPage !== undefined) return true;
  if (exchange.plane.bodies === "streamed") return false;
  return context.exact && route.transport.buffers?.request !== "passed-on";
}

/** True if the body may be needed again or whole: for a retry, an error page, or `X-Accel-Redirect`. */
function isKept({ route, mirrors }: ForwardDecision): boolean {
  return mirrors !== undefined || route.transport.buffers?.request !== "passed-on";
}

function newBody(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
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
  return new ClientBody(exchange.request.message, limits, () => {
    if (exchange.headers.expect.toLowerCase() === "100-continue") exchange.response.writeContinue();
  });
}
