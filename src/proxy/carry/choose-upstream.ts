import type { ForwardDecision } from "../../model/decision.ts";
import type { Resolution } from "../../model/upstream.ts";
import { withTls } from "../connect/upstream-tls.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { settledProtocol } from "./auto-http.ts";
import type { Carrying } from "./carrying.ts";

/** The upstream for a request or retry; the exchange notes its added headers. */
export function chooseUpstream(
  context: Carrying,
  exchange: Exchange,
  { backend, route, choice }: ForwardDecision,
  tried: readonly string[] = [],
): Resolution {
  const protocol = settledProtocol(route.transport.protocol, exchange.scheme);
  const sick = context.sick(backend);
  const left = sick.length === 0 ? tried : [...tried, ...sick];
  const resolution = context.resolve(backend, protocol, { tried: left, choice });
  if (resolution.kind === "none") return resolution;
  const { kind, upstream, addedHeaders } = resolution;
  exchange.chose(upstream.name, addedHeaders);
  return { kind, upstream: withTls(upstream, route.transport.tls), addedHeaders };
}
