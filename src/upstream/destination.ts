import type { Service, ServicePort } from "../model/resource.ts";
import type { Backend } from "../model/route.ts";
import { backingOf } from "../service/backing.ts";
import { addressForName } from "../service/external-name.ts";
import type { ServiceIndex } from "../service/index.ts";
import { none, onePod, type PodGroup, podsOf } from "../service/pods.ts";
import { portText, servicePortOf } from "../service/port.ts";
import { endpointsOf, type ServiceEndpoint } from "./endpoints.ts";
import type { ServiceMap } from "./map.ts";

/** The meaning of a backend in one snapshot, before it becomes an `Upstream`. */
export type Destination =
  | {
      readonly kind: "address";
      readonly target: ServiceMap["target"];
      /** The name is an ExternalName's. */
      readonly named?: "external-name" | undefined;
    }
  | {
      readonly kind: "pods";
      readonly namespace: string;
      readonly service: string;
      /** The Service's port number; for an unknown Service the name that the Ingress has. */
      readonly port: number | string;
      readonly groups: readonly PodGroup[];
    }
  | { readonly kind: "endpoints"; readonly endpoints: readonly ServiceEndpoint[] }
  | { readonly kind: "none"; readonly why: string };

/**
 * Everything that decides: manifests, the user's maps, and the endpoints of Services (a cluster, the echo service, or
 * none).
 */
export interface DestinationContext {
  readonly index: ServiceIndex;
  readonly maps: readonly ServiceMap[];
  readonly pods: "cluster" | "echo" | "none";
  /** An address as externalName: asked all the same, or useless as in the cluster (`--exact`). */
  readonly externalAddresses: "asked" | "useless";
}

/** A longer chain of ExternalNames is a circle. */
const MOST_HOPS = 8;

/**
 * A backend's target, the first that applies: a map, an ExternalName, the cluster's pods, the echo service, none.
 *
 * Pure, and never throws.
 */
export function destinationOf(backend: Backend, around: DestinationContext, hops = 0): Destination {
  const { index, maps } = around;
  const service = index.service(backend.namespace, backend.service);
  const port = service === undefined ? undefined : servicePortOf(service, backend.port);
  const names = [
    portText(backend.port),
    ...(port ? [String(port.port), port.name, String(port.targetPort)] : []),
  ];
  const map = mostParticular(maps, backend, names);
  if (map !== undefined) return { kind: "address", target: map.target };
  const backing = backingOf(backend, index);
  switch (backing.kind) {
    case "none":
      return none(backing.service, backing.reason);
    case "address": {
      const { host, port } = backing;
      const useless = around.externalAddresses === "useless" ? addressForName(host) : undefined;
      if (useless !== undefined) return none(backing.service, useless);
      const target = { protocol: "http", host, port, basePath: "" } as const;
      return { kind: "address", target, named: "external-name" };
    }
    case "elsewhere":
      return hops === MOST_HOPS
        ? none(backing.service, "its externalName leads round in a circle")
        : destinationOf(backing.backend, around, hops + 1);
    case "absent":
      return absentDestination(backend, around);
    case "port":
      return behindPort(backend, backing.service, backing.port, around);
  }
}

function absentDestination(backend: Backend, { pods }: DestinationContext): Destination {
  const { namespace, service, port } = backend;
  if (pods === "cluster") return { kind: "none", why: absent(backend) };
  if (pods === "none") return { kind: "none", why: withoutEcho(backend, "absent") };
  const named = "number" in port ? port.number : port.name;
  return { kind: "pods", namespace, service, port: named, groups: onePod(service) };
}

function behindPort(
  backend: Backend,
  service: Service,
  port: ServicePort,
  { index, pods }: DestinationContext,
): Destination {
  if (pods === "cluster") return endpointsOf(service, port, index);
  const found = podsOf(service, port, index);
  if (found.kind === "none") return none(service, found.reason);
  if (pods === "none") return { kind: "none", why: withoutEcho(backend, "known") };
  const { namespace } = backend;
  return { kind: "pods", namespace, service: backend.service, port: port.port, groups: found.groups };
}

/** The cluster's words, because `--no-echo` imitates the cluster. */
function withoutEcho(backend: Backend, service: "absent" | "known"): string {
  const key = `${backend.namespace}/${backend.service}`;
  return service === "absent"
    ? `${absent(backend).slice(0, -1)} (--no-echo: nothing stands in for it).`
    : `Service "${key}" does not have any active Endpoint: no cluster runs its pods (--no-echo: nothing stands in for them).`;
}

/** The controller's own words for a missing Service. */
function absent({ namespace, service }: Backend): string {
  const key = `${namespace}/${service}`;
  return `Error obtaining Endpoints for Service "${key}": no object matching key "${key}" in local store.`;
}

/** Namespace and port win over namespace, over port, over neither; the last of equals wins. */
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
