import type {
  ConfigMap,
  EndpointSlice,
  Ingress,
  IngressClass,
  Pod,
  Secret,
  Service,
  Workload,
} from "./resource.ts";

/**
 * Everything known at one moment, in the order in which it was found (files by path, documents by place).
 *
 * Immutable: a change makes a new one. Of two objects with the same kind, namespace and name only the last is in it.
 */
export interface Snapshot {
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly secrets: readonly Secret[];
  readonly configMaps: readonly ConfigMap[];
  readonly workloads: readonly Workload[];
  /** Only of a cluster: the files' pods are those of the workloads. */
  readonly pods: readonly Pod[];
}

/** The snapshot of a place where nothing is. */
export const EMPTY_SNAPSHOT: Snapshot = {
  ingresses: [],
  ingressClasses: [],
  services: [],
  endpointSlices: [],
  secrets: [],
  configMaps: [],
  workloads: [],
  pods: [],
};
