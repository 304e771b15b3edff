import type { RequestFacts } from "../model/decision.ts";
import type { Hop } from "../model/plane.ts";
import type { Transport } from "../model/route/transport.ts";

/** The client's port, so that a backend's links work. `exact`: the cluster's. */
export function clientPort({
  scheme,
  ports,
  exact,
}: Pick<RequestFacts, "scheme" | "ports" | "exact">): string {
  if (exact) return scheme === "https" ? "443" : "80";
  return String(ports[scheme]);
}

export type HopFacts = Pick<
  RequestFacts,
  "host" | "authority" | "scheme" | "ports" | "exact" | "remoteAddress"
> &
  Partial<Pick<RequestFacts, "method">>;

/** The hop of a request without a connection: from `explain`, or long over. */
export function hopOf(
  facts: HopFacts,
  requestId: string,
  {
    host: told,
    protocol = "HTTP",
    toldTimeoutMs: timeoutMs,
  }: Partial<Pick<Transport, "host" | "protocol" | "toldTimeoutMs">> = {},
): Hop {
  const { host, authority, remoteAddress, method, scheme, exact } = facts;
  const endpoint = told === "endpoint" ? "<the endpoint's address>" : undefined;
  const port = clientPort(facts);
  const spoken = protocol.startsWith("GRPC") ? "HTTP/2" : undefined;
  const named = { host, authority, remoteAddress, method, port, scheme, requestId };
  return { ...named, exact, told, timeoutMs, endpoint, spoken };
}
