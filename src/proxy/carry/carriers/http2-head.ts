import type { OutgoingHttpHeaders } from "node:http2";
import type { ForwardDecision } from "../../../model/decision.ts";
import type { Upstream } from "../../../model/upstream.ts";
import { headerOf } from "../../../request/header-of.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import { asHttp2 } from "../../exchange/header-lines.ts";
import { backendHeaders, backendPath } from "../backend-request.ts";
import type { Carrying } from "../carrying.ts";

/**
 * The request head as nginx writes it (ngx_http_grpc_create_request): the host in `host`, and `te: trailers`
 * if the client sent it.
 */
export function http2Head(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  upstream: Upstream,
): OutgoingHttpHeaders {
  const { lines } = backendHeaders(context, exchange, decision, upstream);
  const head: OutgoingHttpHeaders = {
    ":method": decision.method ?? exchange.method,
    ":scheme": upstream.protocol === "grpcs" ? "https" : "http",
    ":path": backendPath(exchange, decision, upstream),
    ...asHttp2(lines),
  };
  // Node sends only one host: the first, even if an authentication service adds another.
  if (Array.isArray(head.host)) head.host = head.host[0];
  if (headerOf(exchange.request.rawHeaders, "te") === "trailers") head.te = "trailers";
  return head;
}
