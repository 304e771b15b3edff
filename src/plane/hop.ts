import type { RequestFacts } from "../model/decision.ts";
import type { Hop } from "../model/plane.ts";

/** The port that the client used, so that a backend can build links that work. `exact`: what it would be in the cluster. */
export function clientPort({
  scheme,
  ports,
  exact,
}: Pick<RequestFacts, "scheme" | "ports" | "exact">): string {
  if (exact) return scheme === "https" ? "443" : "80";
  return String(ports[scheme]);
}

/** What of a request its hop is made of. */
export type HopFacts = Pick<RequestFacts, "host" | "scheme" | "ports" | "exact" | "remoteAddress">;

/** The hop of a request that has not come by a connection: of `explain`, or of one that is long over. */
export function hopOf(facts: HopFacts, requestId: string): Hop {
  const { host, remoteAddress, scheme, exact } = facts;
  return { host, remoteAddress, port: clientPort(facts), scheme, requestId, exact };
}
