import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { Backend, Route, RouteTable } from "../../model/route.ts";
import type { NormalisedPath } from "../path.ts";

/** A request that has found its route. */
export interface Arrival {
  readonly table: RouteTable;
  readonly request: RequestFacts;
  readonly path: NormalisedPath;
  readonly route: Route;
  /** Of `rewrite-target`'s expression, once it has rewritten. */
  readonly captures?: readonly (string | undefined)[] | undefined;
}

/** What an annotation does to a request on its way: a decision of its own, or nothing. */
export type Effect = (arrival: Arrival) => Decision | undefined;

/** The Service port that a request is forwarded to: the route's own. */
export function backendFor({ route }: Arrival): Backend | undefined {
  return route.backend;
}
