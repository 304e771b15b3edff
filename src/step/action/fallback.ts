import type { Decision, ForwardDecision } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { routeWith } from "../../model/route.ts";

/** The same request at the Service that answers in place of a status; `undefined`: the status stands. */
export function fallbackFor(decision: Decision, status: number): ForwardDecision | undefined {
  if (decision.kind !== "forward" || decision.route.action.kind !== "forward") return undefined;
  const { backend, route } = decision;
  const share = decision.route.action.shares.find((each) => each.backend === backend);
  const { fallback } = share ?? {};
  if (fallback?.statuses.some(({ from, to }) => status >= from && status <= to) !== true) return undefined;
  const why = reason(
    "failover",
    `Service ${backend.namespace}/${backend.service} answered ${status}, so its fallback is asked`,
  );
  return {
    ...decision,
    route: routeWith(route, { transport: fallback.transport ?? route.transport }),
    backend: fallback.backend,
    choice: undefined,
    why: [why, ...decision.why],
  };
}
