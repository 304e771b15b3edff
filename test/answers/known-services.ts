import type { Service } from "../../src/model/resource.ts";
import type { Backend } from "../../src/model/route.ts";
import type { Snapshot } from "../../src/model/snapshot.ts";

/** The Services of a set: whether a backend has endpoints, and how the recordings name what is reached. */
export interface KnownServices {
  readonly noEndpoints: (backend: Backend) => string | undefined;
  readonly reached: (backend: Backend) => { readonly service: string; readonly port: number | undefined };
}

/** `withoutPods`: Services, `namespace/name`; slices of the set say more. */
export function knownServices(
  { services, endpointSlices }: Snapshot,
  withoutPods: readonly string[] = [],
): KnownServices {
  const byName = new Map(services.map((each) => [nameOf(each.metadata.namespace, each.metadata.name), each]));
  const empty = new Set(withoutPods);
  for (const { metadata, service, endpoints } of endpointSlices)
    if (endpoints.some(({ servesNot, terminating }) => servesNot !== true && !terminating))
      empty.delete(nameOf(metadata.namespace, service));
  const serviceOf = ({ namespace, service }: Backend) => byName.get(nameOf(namespace, service));
  return {
    noEndpoints(backend) {
      const name = nameOf(backend.namespace, backend.service);
      const service = serviceOf(backend);
      if (service === undefined) return `there is no Service ${name}`;
      if (portOf(service, backend) === undefined) return `Service ${name} has no such port`;
      return empty.has(name) ? `Service ${name} has no endpoints` : undefined;
    },
    reached(backend) {
      const service = serviceOf(backend);
      const port = service && portOf(service, backend);
      // Every name outside is this machine in the recordings.
      if (service?.type === "ExternalName") return { service: `127.0.0.1:${port}`, port: undefined };
      return { service: nameOf(backend.namespace, backend.service), port };
    },
  };
}

function nameOf(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}

function portOf({ ports, type }: Service, { port }: Backend): number | undefined {
  const found = ports.find((each) =>
    "number" in port ? each.port === port.number : each.name === port.name,
  );
  return found?.port ?? (type === "ExternalName" && "number" in port ? port.number : undefined);
}
