import type { Resolution } from "../../model/upstream.ts";
import { withTls } from "../connect/upstream-tls.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { settledProtocol } from "./auto-http.ts";
import type { Forward } from "./backend-request.ts";

/** The upstream for a request or retry; the exchange notes its added headers. */
export function choose(
  context: ProxyContext,
  exchange: Exchange,
  { backend, route, choice }: Forward,
  tried: readonly string[] = [],
): Resolution {
  const protocol = settledProtocol(route.transport.protocol, exchange.scheme);
  const resolution = context.resolve(backend, protocol, { tried, choice });
  if (resolution.kind === "none") return resolution;
  exchange.upstream = resolution.upstream.name;
  exchange.addedHeaders = resolution.addedHeaders;
  return { ...resolution, upstream: withTls(resolution.upstream, route.transport.tls) };
}
