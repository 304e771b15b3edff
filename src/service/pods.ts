import type { EndpointSlice, Service, ServicePort, Workload } from "../model/resource.ts";
import type { ServiceIndex } from "./index.ts";

export type Pods =
  | { readonly kind: "pods"; readonly groups: readonly PodGroup[] }
  | {
      readonly kind: "none";
      readonly cause: "port" | "replicas" | "endpoints";
      /** A clause about the Service. */
      readonly reason: string;
    };

/** Pods `NAME-0` to `NAME-(count - 1)`. */
export interface PodGroup {
  readonly name: string;
  readonly count: number;
}

/** More echo pods of a Service would only use memory. */
const MOST_PODS = 1000;

/**
 * The pods that the echo service stands in for. One per replica of each Deployment and StatefulSet that the Service
 * selects; one per ready endpoint of a Service without selector; else one. Pods of a StatefulSet have its name and
 * ordinal, as in Kubernetes. The others have the Service's name: the random part of a pod's name is unknown.
 */
export function podsOf(
  service: Service,
  port: ServicePort,
  index: Pick<ServiceIndex, "slices" | "workloads">,
): Pods {
  const name = service.metadata.name;
  if (service.selector === undefined || service.selector.size === 0) {
    const slices = index.slices(service);
    if (slices.length === 0) return { kind: "pods", groups: onePod(name) };
    const count = readyEndpoints(slices, port);
    if (count === 0)
      return {
        kind: "none",
        cause: "endpoints",
        reason: "its EndpointSlices hold no ready endpoint for the port",
      };
    return { kind: "pods", groups: [{ name, count: Math.min(count, MOST_PODS) }] };
  }
  const workloads = index.workloads(service);
  if (workloads.length === 0) return { kind: "pods", groups: onePod(name) };
  const able = workloads.filter((workload) => hasPort(workload, port));
  if (able.length === 0) {
    const what = workloads.map(titleOf).join(" and ");
    const reason = `its targetPort "${port.targetPort}" is the name of no container port of ${what}`;
    return { kind: "none", cause: "port", reason };
  }
  const groups = groupsOf(name, able);
  if (groups.length === 0)
    return { kind: "none", cause: "replicas", reason: `${able.map(titleOf).join(" and ")} has 0 replicas` };
  return { kind: "pods", groups };
}

export function onePod(service: string): readonly PodGroup[] {
  return [{ name: service, count: 1 }];
}

/** The controller's own words for a Service without endpoints. */
export function none(service: Service, reason: string): { readonly kind: "none"; readonly why: string } {
  const { namespace, name } = service.metadata;
  return {
    kind: "none",
    why: `Service "${namespace}/${name}" does not have any active Endpoint: ${reason}.`,
  };
}

function groupsOf(service: string, workloads: readonly Workload[]): readonly PodGroup[] {
  const counts = new Map<string, number>();
  let room = MOST_PODS;
  for (const { kind, metadata, replicas } of workloads) {
    const count = Math.min(Math.max(0, Math.trunc(replicas)), room);
    const name = kind === "StatefulSet" ? metadata.name : service;
    if (count > 0) counts.set(name, (counts.get(name) ?? 0) + count);
    room -= count;
  }
  return [...counts].map(([name, count]) => ({ name, count }));
}

/** A pod without the container port that a targetPort names is no endpoint for it (kubernetes `FindPort`). */
function hasPort(workload: Workload, port: ServicePort): boolean {
  if (typeof port.targetPort === "number" || /^\d+$/.test(port.targetPort)) return true;
  return workload.containerPorts.some(({ name }) => name === port.targetPort);
}

function titleOf(workload: Workload): string {
  return `${workload.kind} "${workload.metadata.name}"`;
}

/**
 * The number of addresses that the controller would balance over (ingress-nginx `endpointslices.go`,
 * getEndpointsFromSlices).
 */
function readyEndpoints(slices: readonly EndpointSlice[], port: ServicePort): number {
  const addresses = new Set<string>();
  const numeric = typeof port.targetPort === "number" ? port.targetPort : undefined;
  for (const slice of slices) {
    const ports = slice.ports.map((own) => (port.name === "" || port.name === own.name ? own.port : numeric));
    if (slice.ports.length === 0) ports.push(numeric);
    for (const endpoint of slice.endpoints) {
      if (!endpoint.ready) continue;
      for (const target of ports) {
        if (target === undefined) continue;
        for (const address of endpoint.addresses) addresses.add(`${address} ${target}`);
      }
    }
  }
  return addresses.size;
}
