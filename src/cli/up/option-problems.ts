import { closest } from "../../closest.ts";
import { CODES } from "../../errors.ts";
import type { ApiConnection } from "../../model/cluster.ts";
import type { Problem } from "../../model/problem.ts";
import type { Route, RouteTable } from "../../model/route.ts";
import type { ServiceMap } from "../../upstream/map.ts";
import { isLoopback } from "../addresses.ts";
import type { Settings } from "../options.ts";

/** Whether a map is for the Service of a route, its port aside: a port can be written as a number or as a name. */
function isFor(map: ServiceMap, { backend }: Route): boolean {
  if (backend === undefined || backend.service !== map.service) return false;
  return map.namespace === undefined || map.namespace === backend.namespace;
}

function unusedMap(map: ServiceMap, table: RouteTable): Problem {
  const services = [...new Set(table.routes.flatMap(({ backend }) => (backend ? [backend.service] : [])))];
  const meant = closest(map.service, services);
  const known = services.length === 0 ? "There are none." : `There are: ${services.slice(0, 10).join(", ")}.`;
  return {
    code: "map-unused",
    level: "warning",
    message: `${map.text} is for a Service that no Ingress leads to.`,
    fix: meant === undefined ? known : `Did you mean ${meant}?`,
  };
}

/** What is wrong with the options, seen together with the table that they are for. */
export function optionProblems(
  settings: Settings,
  maps: readonly ServiceMap[],
  table: RouteTable,
): readonly Problem[] {
  const unused = maps.filter((map) => !table.routes.some((route) => isFor(map, route)));
  return [...openToNetwork(settings.bind), ...unused.map((map) => unusedMap(map, table))];
}

/** Said when other computers can reach the proxy. */
export function openToNetwork(bind: string): readonly Problem[] {
  if (isLoopback(bind)) return [];
  return [
    {
      code: "open-to-network",
      level: "warning",
      message: `--bind ${bind}: every computer on the network can reach ingress-dev and what is behind it.`,
      fix: CODES["open-to-network"],
    },
  ];
}

/** Said when the cluster that is read is not on this computer. */
export function remoteCluster(api: ApiConnection | undefined): readonly Problem[] {
  if (api === undefined || api.local === "local") return [];
  return [
    {
      code: "remote-cluster",
      level: "warning",
      message: `--context ${api.context}: this is not a local cluster. Requests go to its real pods, through ${api.server}.`,
      fix: CODES["remote-cluster"],
    },
  ];
}
