import type { Decision } from "../model/decision.ts";
import type { Upstream } from "../model/upstream.ts";
import type { ProxyContext } from "./context.ts";
import { type Exchange, isIdempotent } from "./exchange.ts";
import { backendHost, forwardedHeaders, withLines } from "./headers.ts";
import { ClientBody } from "./upload.ts";

/** A decision to forward. */
export type Forward = Extract<Decision, { kind: "forward" }>;

/** The headers for the backend, without `Upgrade`, and without `Connection` unless an annotation sets it. */
export function backendHeaders(context: ProxyContext, exchange: Exchange, decision: Forward): string[] {
  const headers = forwardedHeaders(exchange.headers, {
    host: backendHost(exchange.host),
    remoteAddress: exchange.connection.remoteAddress,
    port: context.forwardedPorts[exchange.scheme],
    scheme: exchange.scheme,
    requestId: exchange.id,
  });
  return withLines(headers, decision.requestHeaders);
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

/** The body of a request, for the upstreams that are sent it. */
export function bodyOf(context: ProxyContext, exchange: Exchange, decision: Forward): ClientBody {
  const { bodyLimit, sendTimeoutMs } = decision.route.settings;
  const keptBytes = isIdempotent(exchange.method) ? KEPT_BYTES : 0;
  const limits = { bytes: bodyLimit, keptBytes, idleMs: context.limits.bodyIdleMs, sendMs: sendTimeoutMs };
  return new ClientBody(exchange.request, limits, () => {
    if (exchange.headers.expect.toLowerCase() === "100-continue") exchange.response.writeContinue();
  });
}
