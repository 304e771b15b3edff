import type {
  ConfigMap,
  CustomResource,
  EndpointSlice,
  Ingress,
  IngressClass,
  Namespace,
  Pod,
  Secret,
  Service,
  Workload,
} from "./resource.ts";

/**
 * All objects at one moment, in the order found (files by path, documents by place). Immutable. Of equal
 * kind, namespace and name only the last is in it.
 */
export interface Snapshot {
  readonly ingresses: readonly Ingress[];
  readonly ingressClasses: readonly IngressClass[];
  readonly services: readonly Service[];
  readonly endpointSlices: readonly EndpointSlice[];
  readonly secrets: readonly Secret[];
  readonly configMaps: readonly ConfigMap[];
  readonly workloads: readonly Workload[];
  /** Only a cluster's: files have workloads instead. */
  readonly pods: readonly Pod[];
  readonly namespaces: readonly Namespace[];
  /** Of all kinds. */
  readonly custom: readonly CustomResource[];
}

export const EMPTY_SNAPSHOT: Snapshot = {
  ingresses: [],
  ingressClasses: [],
  services: [],
  endpointSlices: [],
  secrets: [],
  configMaps: [],
  workloads: [],
  pods: [],
  namespaces: [],
  custom: [],
};
