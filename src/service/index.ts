import type { Endpoint, EndpointSlice, Pod, Service, Workload } from "../model/resource.ts";
import type { Snapshot } from "../model/snapshot.ts";
import type { Steps } from "../steps.ts";

/** The Services of a snapshot and their endpoints. Lookups take no longer in a large snapshot. */
export interface ServiceIndex {
  readonly service: (namespace: string, name: string) => Service | undefined;
  /**
   * Workloads whose pods the Service's selector matches: same namespace, every pair of the selector among the pod's
   * labels (https://kubernetes.io/docs/concepts/services-networking/service/#defining-a-service). None for a Service
   * without selector.
   */
  readonly workloads: (service: Service) => readonly Workload[];
  /** EndpointSlices whose label `kubernetes.io/service-name` names the Service. */
  readonly slices: (service: Service) => readonly EndpointSlice[];
  /** True for a cluster whose pods may be listed. */
  readonly knowsPods: boolean;
  readonly pod: (namespace: string, name: string) => Pod | undefined;
  readonly pods: (service: Service) => readonly Pod[];
}

/**
 * Indexes a snapshot. Of two Services with one name the last counts, as in `Snapshot`. A list that an earlier snapshot
 * had is not indexed again.
 */
export function* indexInSteps(snapshot: Snapshot): Steps<ServiceIndex> {
  const services = yield* kept(SERVICES, snapshot.services, byName);
  const slices = yield* kept(SLICES, snapshot.endpointSlices, slicesByService);
  const workloads = yield* kept(WORKLOADS, snapshot.workloads, byPodLabels);
  const pods = yield* kept(PODS, snapshot.pods, byName);
  const labelled = yield* kept(LABELLED_PODS, snapshot.pods, byLabels);
  return {
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    slices,
    workloads,
    knowsPods: pods.size > 0,
    pod: (namespace, name) => pods.get(`${namespace}/${name}`),
    pods: labelled,
  };
}

/** True if `indexInSteps` would find the same in both. */
export function haveSameServices(a: Snapshot, b: Snapshot): boolean {
  return (
    a.services === b.services &&
    a.endpointSlices === b.endpointSlices &&
    a.workloads === b.workloads &&
    a.pods === b.pods
  );
}

/** For a controller that asks for serving and not for ready endpoints. */
export function byServing(index: ServiceIndex): ServiceIndex {
  const asServing = (endpoint: Endpoint) => ({
    ...endpoint,
    ready: endpoint.servesNot !== true && !endpoint.terminating,
  });
  return {
    ...index,
    slices: (service) =>
      index.slices(service).map((slice) => ({ ...slice, endpoints: slice.endpoints.map(asServing) })),
  };
}

/** Finds what belongs to a Service. */
type OfService<T> = (service: Service) => readonly T[];
type Named = { readonly metadata: { readonly namespace: string; readonly name: string } };
type Labelled = { readonly metadata: { readonly namespace: string } };

/** By list: a snapshot keeps the lists of the one before it where they are the same. */
const SERVICES = new WeakMap<readonly Service[], ReadonlyMap<string, Service>>();
const SLICES = new WeakMap<readonly EndpointSlice[], OfService<EndpointSlice>>();
const WORKLOADS = new WeakMap<readonly Workload[], OfService<Workload>>();
const PODS = new WeakMap<readonly Pod[], ReadonlyMap<string, Pod>>();
const LABELLED_PODS = new WeakMap<readonly Pod[], OfService<Pod>>();

function* kept<T, I>(
  indexes: WeakMap<readonly T[], I>,
  list: readonly T[],
  make: (list: readonly T[]) => Steps<I>,
): Steps<I> {
  const known = indexes.get(list);
  if (known !== undefined) return known;
  const made = yield* make(list);
  indexes.set(list, made);
  return made;
}

/** How many objects are indexed in a step. */
const AT_ONCE = 500;

function* byName<T extends Named>(list: readonly T[]): Steps<ReadonlyMap<string, T>> {
  const named = new Map<string, T>();
  for (const [at, object] of list.entries()) {
    named.set(`${object.metadata.namespace}/${object.metadata.name}`, object);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  return named;
}

function* slicesByService(list: readonly EndpointSlice[]): Steps<OfService<EndpointSlice>> {
  const slices = new Map<string, EndpointSlice[]>();
  for (const [at, slice] of list.entries()) {
    addTo(slices, `${slice.metadata.namespace}/${slice.service}`, slice);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  return ({ metadata }) => slices.get(`${metadata.namespace}/${metadata.name}`) ?? [];
}

function byPodLabels(workloads: readonly Workload[]): Steps<OfService<Workload>> {
  return labelsOf(workloads, ({ podLabels }) => podLabels);
}

function byLabels(pods: readonly Pod[]): Steps<OfService<Pod>> {
  return labelsOf(pods, ({ metadata }) => metadata.labels);
}

function* labelsOf<T extends Labelled>(
  all: readonly T[],
  labels: (item: T) => ReadonlyMap<string, string>,
): Steps<OfService<T>> {
  const byLabel = new Map<string, T[]>();
  for (const [at, item] of all.entries()) {
    for (const [label, value] of labels(item))
      addTo(byLabel, labelKey(item.metadata.namespace, label, value), item);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  return ({ metadata, selector }) => {
    const wanted = [...(selector ?? [])];
    const [rarest] = wanted
      .map(([label, value]) => byLabel.get(labelKey(metadata.namespace, label, value)) ?? [])
      .sort((a, b) => a.length - b.length);
    return (rarest ?? []).filter((item) =>
      wanted.every(([label, value]) => labels(item).get(label) === value),
    );
  };
}

/** Names and labels hold no line feed. */
function labelKey(namespace: string, label: string, value: string): string {
  return `${namespace}\n${label}\n${value}`;
}

function addTo<T>(lists: Map<string, T[]>, key: string, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
