import type { RouteRow } from "../../../../ui/dashboard-state.ts";
import { textsOf } from "../../../model/reason.ts";
import { mainBackend, ownMatchOf, type Route, type RouteTable } from "../../../model/route.ts";
import type { Steps } from "../../../steps.ts";
import type { Resolver } from "../../../upstream/resolve.ts";
import { backendInWords } from "../../explain/route-in-words.ts";

/** By route, without what changes while the route stays the same. */
const ROWS = new WeakMap<Route, RouteRow>();

/** Lines of the dashboard's routes pane. A default backend covers every path without a rule. */
export function* rowsOf(
  { routes }: RouteTable,
  resolver: Pick<Resolver, "describe">,
): Steps<readonly RouteRow[]> {
  const rows: RouteRow[] = [];
  for (const route of routes) {
    rows.push(rowOf(route, resolver));
    yield;
  }
  return rows;
}

function rowOf(route: Route, resolver: Pick<Resolver, "describe">): RouteRow {
  const backend = mainBackend(route);
  const upstream = backend === undefined ? "" : resolver.describe(backend);
  const known = ROWS.get(route);
  if (known?.upstream === upstream) return known;
  const { id, rule, why } = route;
  const row: RouteRow = {
    id,
    host: rule === undefined || rule.host === "" ? "*" : rule.host,
    path: rule?.path ?? "*",
    pathType: rule?.pathType ?? ownMatchOf(route) ?? "default backend",
    backend: backend === undefined ? "" : backendInWords(backend),
    upstream,
    why: textsOf(why),
  };
  ROWS.set(route, row);
  return row;
}
