import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Route } from "../../model/route.ts";
import type { Routing } from "../routing.ts";

/** Problems of the routes as a whole: loops, rules that no request reaches. The code for requests is loaded only here. */
export async function routeFindings(routing: Routing): Promise<readonly Problem[]> {
  const [{ findingsOf }, { createPredictor }] = await Promise.all([
    import("../../findings/findings.ts"),
    import("../predict.ts"),
  ]);
  const { table } = routing;
  const { outcome, ports } = createPredictor(routing);
  const inCluster = table.entryPoints.map(({ port }) => port);
  const placeOf = placesIn(routing.reading.snapshot.ingresses);
  return findingsOf({ table, outcome, ports: [ports.http, ports.https, ...inCluster], placeOf });
}

/** Finds the path of an Ingress that a route is made of. Of equal ones the first counts, as in the table. */
function placesIn(ingresses: readonly Ingress[]) {
  return ({ ingress, rule }: Pick<Route, "ingress" | "rule">) => {
    const found = ingresses.find(
      ({ metadata }) => metadata.namespace === ingress?.namespace && metadata.name === ingress.name,
    );
    if (found === undefined) return undefined;
    const field = rule === undefined ? "spec.defaultBackend" : fieldOf(found, rule);
    return field === undefined ? undefined : { field, line: found.origin.lineOf(field) || undefined };
  };
}

function fieldOf({ spec }: Ingress, rule: NonNullable<Route["rule"]>): string | undefined {
  for (const { host, paths = [] } of spec.rules) {
    if (host !== rule.host) continue;
    const found = paths.find(({ path, pathType }) => path === rule.path && pathType === rule.pathType);
    if (found !== undefined) return `${found.field}.path`;
  }
  return undefined;
}
