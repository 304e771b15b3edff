import type { ForwardDecision } from "../../model/decision.ts";
import type { Upstream } from "../../model/upstream.ts";
import type { Http1Request } from "../connect/http1-client.ts";
import type { ClientBody } from "../exchange/client-body.ts";
import { type Exchange, isIdempotent } from "../exchange/exchange.ts";
import { backendHeaders, backendPath, bodyLength } from "./backend-request.ts";
import type { Carrier, Sink, TryTarget } from "./carrier.ts";
import { paramsOf } from "./carriers/fastcgi/params.ts";
import { FastCgiCarrier } from "./carriers/fastcgi.ts";
import { Http2Carrier } from "./carriers/http2.ts";
import { http2Head } from "./carriers/http2-head.ts";
import type { Carrying } from "./carrying.ts";
import { directOrHttp1 } from "./direct-or-http1.ts";

export interface Try {
  readonly context: Carrying;
  readonly exchange: Exchange;
  readonly decision: ForwardDecision;
  readonly upstream: Upstream;
  readonly body: ClientBody | undefined;
  /** `kept`: on an idle connection, if there is one. */
  readonly connection: "kept" | "fresh";
  /** `upgrade`: the client may get a tunnel. */
  readonly asks: "response" | "upgrade";
}

/** The carrier for an upstream's protocol. HTTP/2 and FastCGI ignore upgrades. */
export function carrierFor(attempt: Try, sink: Sink): Carrier {
  switch (attempt.upstream.protocol) {
    case "http":
    case "https":
      return http1Carrier(attempt, sink);
    case "grpc":
    case "grpcs":
      return http2Carrier(attempt, sink);
    case "fcgi":
      return fastCgiCarrier(attempt, sink);
  }
}

function http1Carrier(attempt: Try, sink: Sink): Carrier {
  const { context, exchange, decision, upstream, body, asks } = attempt;
  const { connectTimeoutMs } = decision.route.transport;
  const connection = asks === "upgrade" ? "fresh" : attempt.connection;
  const idempotent = isIdempotent(exchange.method) && body?.whole !== false;
  const request = http1Request(attempt);
  const how = { upstream, request, connectTimeoutMs, connection, idempotent };
  return directOrHttp1(context.pools, how, sink);
}

function targetOf({ decision, upstream }: Try): TryTarget {
  const { connectTimeoutMs, readTimeoutMs } = decision.route.transport;
  return { upstream, connectTimeoutMs, readTimeoutMs };
}

function http1Request({ context, exchange, decision, upstream, body, asks }: Try): Http1Request {
  const { lines, length } = backendHeaders(context, exchange, decision, upstream);
  const { readTimeoutMs, buffers } = decision.route.transport;
  return {
    method: decision.method ?? exchange.method,
    path: backendPath(exchange, decision, upstream),
    version: decision.errorPage === undefined ? undefined : "1.0",
    lines,
    length,
    body: body?.open() ?? null,
    readTimeoutMs,
    headBytes: buffers?.responseHeadBytes,
    upgrade: asks === "upgrade" ? true : undefined,
  };
}

function http2Carrier(attempt: Try, sink: Sink): Carrier {
  const { context, exchange, decision, upstream, body } = attempt;
  const head = http2Head(context, exchange, decision, upstream);
  const request = { head, body: body && (() => body.open()) };
  return new Http2Carrier(context.http2, targetOf(attempt), request, sink);
}

function fastCgiCarrier(attempt: Try, sink: Sink): Carrier {
  const { context, exchange, decision, body } = attempt;
  const length = body === undefined ? "" : bodyLength(exchange);
  const params = paramsOf(exchange, decision, length, context.client());
  const request = { method: exchange.method, params, body: body?.open(), length };
  return new FastCgiCarrier(context.pools, targetOf(attempt), request, sink);
}
