import type { EndpointSlice, Pod, Service, Workload } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { groupBy } from "./group-by.ts";

/** The Services of a snapshot and their endpoints. Lookups take no longer in a large snapshot. */
export interface ServiceIndex {
  readonly service: (namespace: string, name: string) => Service | undefined;
  /**
   * Workloads whose pods the Service's selector matches: same namespace, every pair of the selector among the pod's
   * labels (https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service). None for a Service
   * without selector.
   */
  readonly workloads: (service: Service) => readonly Workload[];
  /** Workloads of a namespace that none of its Services selects. */
  readonly unselected: (namespace: string) => readonly Workload[];
  /** EndpointSlices whose label `kubernetes.io/service-name` names the Service. */
  readonly slices: (service: Service) => readonly EndpointSlice[];
  /** True for a cluster whose pods may be listed. */
  readonly knowsPods: boolean;
  readonly pod: (namespace: string, name: string) => Pod | undefined;
  readonly pods: (service: Service) => readonly Pod[];
}

/** Indexes a snapshot. Of two Services with one name the last counts, as in `Snapshot`. */
export function indexServices(snapshot: Snapshot): ServiceIndex {
  const services = new Map(
    snapshot.services.map((service) => [`${service.metadata.namespace}/${service.metadata.name}`, service]),
  );
  const slices = groupBy(snapshot.endpointSlices, (slice) => [
    `${slice.metadata.namespace}/${slice.service}`,
  ]);
  const workloads = indexLabels(snapshot.workloads, ({ podLabels }) => podLabels);
  let free: ReadonlyMap<string, readonly Workload[]> | undefined;
  const unselected = () => {
    free ??= groupBy(withoutService(snapshot, workloads), ({ metadata }) => [metadata.namespace]);
    return free;
  };
  const pods = new Map(snapshot.pods.map((pod) => [`${pod.metadata.namespace}/${pod.metadata.name}`, pod]));
  const labelled = indexLabels(snapshot.pods, ({ metadata }) => metadata.labels);
  return {
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    slices: ({ metadata }) => slices.get(`${metadata.namespace}/${metadata.name}`) ?? [],
    workloads,
    unselected: (namespace) => unselected().get(namespace) ?? [],
    knowsPods: pods.size > 0,
    pod: (namespace, name) => pods.get(`${namespace}/${name}`),
    pods: labelled,
  };
}

function withoutService(
  { services, workloads }: Snapshot,
  selectedBy: ServiceIndex["workloads"],
): readonly Workload[] {
  const selected = new Set(services.flatMap(selectedBy));
  return workloads.filter((workload) => !selected.has(workload));
}

/** Finds what a Service's selector matches among items with labels and a namespace. */
function indexLabels<T extends { readonly metadata: { readonly namespace: string } }>(
  all: readonly T[],
  labelsOf: (item: T) => ReadonlyMap<string, string>,
): (service: Service) => readonly T[] {
  const byLabel = groupBy(all, (item) =>
    [...labelsOf(item)].map(([label, value]) => labelKey(item.metadata.namespace, label, value)),
  );
  return ({ metadata, selector }) => {
    const wanted = [...(selector ?? [])];
    const [rarest] = wanted
      .map(([label, value]) => byLabel.get(labelKey(metadata.namespace, label, value)) ?? [])
      .sort((a, b) => a.length - b.length);
    return (rarest ?? []).filter((item) =>
      wanted.every(([label, value]) => labelsOf(item).get(label) === value),
    );
  };
}

/** Names and labels hold no line feed. */
function labelKey(namespace: string, label: string, value: string): string {
  return `${namespace}\n${label}\n${value}`;
}
