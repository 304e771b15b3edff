import { closest } from "../../closest.ts";
import { reached } from "../../match/reached.ts";
import type { Problem } from "../../model/problem.ts";
import type { Service } from "../../model/resource.ts";
import type { Backend, RouteTable } from "../../model/route.ts";
import { serviceNamed } from "../../request/service-name.ts";
import type { Steps } from "../../steps.ts";
import type { ServiceMap } from "../../upstream/map.ts";

/** Ignores the port, which may be a number or a name. */
function isFor(map: ServiceMap, backend: Backend): boolean {
  if (backend.service !== map.service) return false;
  return map.namespace === undefined || map.namespace === backend.namespace;
}

function unusedMap(map: ServiceMap, backends: readonly Backend[]): Problem {
  const services = [...new Set(backends.map(({ service }) => service))];
  const meant = closest(map.service, services);
  const known = services.length === 0 ? "There are none." : `There are: ${services.slice(0, 10).join(", ")}.`;
  return {
    code: "map-unused",
    level: "warning",
    message: `${map.text} is for a Service that no Ingress leads to.`,
    fix: meant === undefined ? known : `Did you mean ${meant}?`,
  };
}

/** Includes Services behind ExternalNames, which may have maps of their own. */
function withExternalNames(backends: readonly Backend[], services: readonly Service[]): readonly Backend[] {
  const known = new Map(
    services.map((service) => [`${service.metadata.namespace}/${service.metadata.name}`, service]),
  );
  const all = new Map(backends.map((backend) => [`${backend.namespace}/${backend.service}`, backend]));
  for (const { namespace, service, port } of all.values()) {
    const name = known.get(`${namespace}/${service}`)?.externalName;
    const next = name === undefined ? undefined : serviceNamed(name, "number" in port ? port.number : 0);
    // Iterating a Map includes later additions, and a cycle adds nothing.
    if (next !== undefined) all.set(`${next.namespace}/${next.service}`, next);
  }
  return [...all.values()];
}

export function* unusedMaps(
  maps: readonly ServiceMap[],
  table: RouteTable,
  services: readonly Service[],
): Steps<readonly Problem[]> {
  if (maps.length === 0) return [];
  const { backends, others } = yield* reached(table);
  if (others === "possible") return [];
  const all = withExternalNames(backends, services);
  return maps.filter((map) => !all.some((backend) => isFor(map, backend))).map((map) => unusedMap(map, all));
}
