import type { EndpointSlice, Pod, Service, Workload } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { groupBy } from "./group-by.ts";

/** The Services of a snapshot, and what stands behind each. Lookups take no longer in a large snapshot. */
export interface ServiceIndex {
  readonly service: (namespace: string, name: string) => Service | undefined;
  /**
   * The workloads whose pods the Service's selector matches: same namespace, every pair of the selector among the
   * pod's labels (https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service). None for a
   * Service without selector.
   */
  readonly workloads: (service: Service) => readonly Workload[];
  /** The workloads of a namespace that no Service of it selects. */
  readonly unselected: (namespace: string) => readonly Workload[];
  /** The EndpointSlices that name the Service in their label `kubernetes.io/service-name`. */
  readonly slices: (service: Service) => readonly EndpointSlice[];
  /** Whether there are pods: only of a cluster, and only where they may be listed. */
  readonly knowsPods: boolean;
  readonly pod: (namespace: string, name: string) => Pod | undefined;
  /** The pods that the Service's selector matches. */
  readonly pods: (service: Service) => readonly Pod[];
}

/** Indexes a snapshot. Of two Services with one name the last counts, as in `Snapshot`. */
export function indexServices(snapshot: Snapshot): ServiceIndex {
  const services = new Map(
    snapshot.services.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]),
  );
  const slices = groupBy(snapshot.endpointSlices, (one) => [`${one.metadata.namespace}/${one.service}`]);
  const workloads = indexLabels(snapshot.workloads, (one) => one.podLabels);
  let free: ReadonlyMap<string, readonly Workload[]> | undefined;
  const unselected = () => {
    free ??= groupBy(withoutService(snapshot, workloads), (one) => [one.metadata.namespace]);
    return free;
  };
  const pods = new Map(snapshot.pods.map((one) => [`${one.metadata.namespace}/${one.metadata.name}`, one]));
  const labelled = indexLabels(snapshot.pods, (one) => one.metadata.labels);
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
  return workloads.filter((one) => !selected.has(one));
}

/** What a Service's selector matches among things that have labels and a namespace. */
function indexLabels<T extends { readonly metadata: { readonly namespace: string } }>(
  all: readonly T[],
  labelsOf: (one: T) => ReadonlyMap<string, string>,
): (service: Service) => readonly T[] {
  const byLabel = groupBy(all, (one) =>
    [...labelsOf(one)].map(([label, value]) => labelKey(one.metadata.namespace, label, value)),
  );
  return ({ metadata, selector }) => {
    const wanted = [...(selector ?? [])];
    const [rarest] = wanted
      .map(([label, value]) => byLabel.get(labelKey(metadata.namespace, label, value)) ?? [])
      .sort((a, b) => a.length - b.length);
    return (rarest ?? []).filter((one) =>
      wanted.every(([label, value]) => labelsOf(one).get(label) === value),
    );
  };
}

/** Neither names nor labels hold a line feed. */
function labelKey(namespace: string, label: string, value: string): string {
  return `${namespace}\n${label}\n${value}`;
}
