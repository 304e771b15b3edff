import type { RouteRow } from "../../../ui/dashboard-state.ts";
import { textsOf } from "../../model/reason.ts";
import { mainBackend, type RouteTable } from "../../model/route.ts";
import type { Resolver } from "../../upstream/resolve.ts";
import { backendInWords } from "../explain/print-explain.ts";

/** Lines of the dashboard's routes pane. A default backend covers every path without a rule. */
export function rowsOf(table: RouteTable, resolver: Pick<Resolver, "describe">): readonly RouteRow[] {
  return table.routes.map((route) => {
    const { id, rule, why } = route;
    const backend = mainBackend(route);
    return {
      id,
      host: rule === undefined || rule.host === "" ? "*" : rule.host,
      path: rule?.path ?? "*",
      pathType: rule?.pathType ?? "default backend",
      backend: backend === undefined ? "" : backendInWords(backend),
      upstream: backend === undefined ? "" : resolver.describe(backend),
      why: textsOf(why),
    };
  });
}
