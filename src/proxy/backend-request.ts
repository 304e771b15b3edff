import type { Decision } from "../model/decision.ts";
import type { Upstream } from "../model/upstream.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { backendHost, forwardedHeaders, withLines } from "./headers.ts";
import { Upload } from "./upload.ts";

type Forward = Extract<Decision, { kind: "forward" }>;

/** The headers for the backend, without `Connection` and `Upgrade`. */
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

/** The body of a request, on its way to an upstream. */
export function openUpload(context: ProxyContext, exchange: Exchange, decision: Forward): Upload {
  const { bodyLimit, sendTimeoutMs } = decision.route.settings;
  const limits = { bytes: bodyLimit, idleMs: context.limits.bodyIdleMs, sendMs: sendTimeoutMs };
  return new Upload(exchange.request, limits, () => {
    if (exchange.headers.expect.toLowerCase() === "100-continue") exchange.response.writeContinue();
  });
}
