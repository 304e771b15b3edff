import type { Backend } from "../model/route.ts";
import { type Endpoint, endpointsOf } from "./endpoints.ts";
import { externalAddress } from "./external-name.ts";
import type { ServiceMap } from "./map.ts";
import { none, one, type PodGroup, podsOf } from "./pods.ts";
import type { ServiceIndex } from "./service-index.ts";
import { portList, portText, servicePortOf } from "./service-port.ts";

/** What a backend means in one snapshot, before it is made an `Upstream`. */
export type Destination =
  | { readonly kind: "address"; readonly target: ServiceMap["target"] }
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly service: string;
      /** The Service's port number; the name that the Ingress has where the Service is not known. */
      readonly port: number | string;
      readonly groups: readonly PodGroup[];
    }
  /** In a cluster. */
  | { readonly kind: "endpoints"; readonly endpoints: readonly Endpoint[] }
  | { readonly kind: "none"; readonly why: string };

/** What decides: the manifests, the user's maps, and what is behind Services: a cluster, the echo service, or nothing. */
export interface Surroundings {
  readonly index: ServiceIndex;
  readonly maps: readonly ServiceMap[];
  readonly pods: "cluster" | "echo" | "none";
}

/** ExternalNames that lead from Service to Service: further than this is a circle. */
const MOST_HOPS = 8;

/**
 * Where a backend's traffic goes, the first that applies: a map, an ExternalName, the pods of the cluster that is read
 * or else the echo service, nowhere.
 *
 * Pure, and never throws.
 */
export function destinationOf(backend: Backend, around: Surroundings, hops = 0): Destination {
  const service = around.index.service(backend.namespace, backend.service);
  const port = service === undefined ? undefined : servicePortOf(service, backend.port);
  const names = [
    portText(backend.port),
    ...(port ? [String(port.port), port.name, String(port.targetPort)] : []),
  ];
  const map = mostParticular(around.maps, backend, names);
  if (map !== undefined) return { kind: "address", target: map.target };
  if (service?.type === "ExternalName") {
    const address = externalAddress(service, backend.port);
    if (address.kind === "none") return address;
    if (address.kind === "service") {
      if (hops === MOST_HOPS) return none(service, "its externalName leads round in a circle");
      const next = { namespace: address.namespace, service: address.name, port: { number: address.port } };
      return destinationOf(next, around, hops + 1);
    }
    const { host, port } = address;
    return { kind: "address", target: { protocol: "http", host, port, basePath: "" } };
  }
  if (service !== undefined && port === undefined) {
    const wanted =
      "number" in backend.port ? `port ${backend.port.number}` : `port named "${backend.port.name}"`;
    return none(service, `it has no ${wanted} (it has ${portList(service)})`);
  }
  if (around.pods === "cluster")
    return service && port
      ? endpointsOf(service, port, around.index)
      : { kind: "none", why: absent(backend) };
  const pods = service && port ? podsOf(service, port, around.index) : one(backend.service);
  if (pods.kind === "none") return pods;
  if (around.pods === "none")
    return { kind: "none", why: withoutEcho(backend, service === undefined ? "absent" : "known") };
  return {
    kind: "pods",
    namespace: backend.namespace,
    service: backend.service,
    port: port?.port ?? ("number" in backend.port ? backend.port.number : backend.port.name),
    groups: pods.groups,
  };
}

/** In the cluster's words, as `--no-echo` is asked for to see what the cluster would do. */
function withoutEcho(backend: Backend, service: "absent" | "known"): string {
  const key = `${backend.namespace}/${backend.service}`;
  return service === "absent"
    ? `${absent(backend).slice(0, -1)} (--no-echo: nothing stands in for it).`
    : `Service "${key}" does not have any active Endpoint: no cluster runs its pods (--no-echo: nothing stands in for them).`;
}

/** The controller's own words for a Service that is not there. */
function absent({ namespace, service }: Backend): string {
  const key = `${namespace}/${service}`;
  return `Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store.`;
}

/** Namespace and port beat namespace, beats port, beats neither; of equals the last wins. */
function mostParticular(
  maps: readonly ServiceMap[],
  backend: Backend,
  portNames: readonly string[],
): ServiceMap | undefined {
  let best: ServiceMap | undefined;
  for (const map of maps) {
    const applies =
      map.service === backend.service &&
      (map.namespace ?? backend.namespace) === backend.namespace &&
      (map.port === undefined || portNames.includes(String(map.port)));
    if (applies && (best === undefined || weight(map) >= weight(best))) best = map;
  }
  return best;
}

function weight(map: ServiceMap): number {
  return (map.namespace === undefined ? 0 : 2) + (map.port === undefined ? 0 : 1);
}
