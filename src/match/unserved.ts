import type { Decision, RequestFacts } from "../model/decision.ts";
import type { RouteTable } from "../model/route.ts";
import { hostNameOf, wildcardOf } from "../request/host.ts";

/** Adds the reason to a 404 if an unserved Ingress names the host. */
export function withUnserved(table: RouteTable, request: RequestFacts, decision: Decision): Decision {
  if (table.unserved.size === 0 || decision.kind !== "respond" || decision.status !== 404) return decision;
  if (decision.route?.ingress !== undefined) return decision;
  const name = hostNameOf(table, request);
  const wildcard = wildcardOf(name);
  const unserved =
    table.unserved.get(name) ??
    (wildcard === undefined ? undefined : table.unserved.get(wildcard)) ??
    table.unserved.get("");
  return unserved === undefined ? decision : { ...decision, why: [unserved, ...decision.why] };
}
