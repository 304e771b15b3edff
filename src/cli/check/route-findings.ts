import type { Problem } from "../../model/problem.ts";
import type { Routing } from "../routing.ts";

/** What is wrong with the routes as a whole. The code for requests is loaded only here. */
export async function routeFindings(routing: Routing): Promise<readonly Problem[]> {
  const [{ findingsOf }, { createPredictor }] = await Promise.all([
    import("../../findings/findings.ts"),
    import("../predict.ts"),
  ]);
  const { table } = routing;
  const { outcome, ports } = createPredictor(routing);
  const inCluster = table.entryPoints.map(({ port }) => port);
  return findingsOf({ table, outcome, ports: [ports.http, ports.https, ...inCluster] });
}
