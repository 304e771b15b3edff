import type { CustomKind } from "./custom-kinds.ts";
import type { JsonObject } from "./json.ts";

export interface Origin {
  /** The file as the user named it, `<stdin>`, or a cluster context. */
  readonly file: string;
  /** 1-based number of the document in the file; 0 in a cluster. */
  readonly document: number;
  /** 1-based first line; 0 in a cluster. */
  readonly line: number;
  /**
   * 1-based line of a field path as the API server writes it (`spec.rules[0].host`). For an absent field: the
   * line of the nearest enclosing one. 0 in a cluster.
   */
  readonly lineOf: (field: string) => number;
}

/** The fields of `metadata` that are read. Maps, so that `__proto__` is an ordinary key. */
export interface Metadata {
  readonly name: string;
  /** default: `default`, as with `kubectl apply` */
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** RFC 3339; only for a cluster's objects. */
  readonly creationTimestamp?: string | undefined;
  /** Of a cluster's object: how often its `spec` was written. */
  readonly generation?: number | undefined;
}

export interface Written {
  readonly metadata: Metadata;
  readonly origin: Origin;
}

/** source: https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types */
export type PathType = "Exact" | "Prefix" | "ImplementationSpecific";

export type PortRef = { readonly number: number } | { readonly name: string };

/** A Service's port, or another object of the same namespace. */
export type IngressBackend =
  | { readonly kind: "service"; readonly name: string; readonly port: PortRef }
  | {
      readonly kind: "resource";
      readonly apiGroup: string;
      readonly resourceKind: string;
      readonly name: string;
    };

/** An entry of `spec.rules[].http.paths`. */
export interface IngressPath {
  /** As written; `""` for none. */
  readonly path: string;
  /** `ImplementationSpecific` if an old apiVersion omits it. */
  readonly pathType: PathType;
  readonly backend: IngressBackend;
  /** `spec.rules[0].http.paths[1]`; unaffected by bad siblings that were left out. */
  readonly field: string;
  /** Lines from the first of the Ingress to this one. default: found by `field` */
  readonly lineBelow?: number | undefined;
}

/** An entry of `spec.rules`. */
export interface IngressRule {
  /** As written; `""`: every host. */
  readonly host: string;
  /** default: the rule has no `http` */
  readonly paths?: readonly IngressPath[] | undefined;
  /** `spec.rules[0]` */
  readonly field: string;
}

/** An entry of `spec.tls`. */
export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName?: string | undefined;
  /** `spec.tls[0]` */
  readonly field: string;
}

/** An Ingress in the shape of `networking.k8s.io/v1`, whatever its apiVersion. */
export interface Ingress extends Written {
  readonly kind: "Ingress";
  /** As written: `networking.k8s.io/v1`, `networking.k8s.io/v1beta1` or `extensions/v1beta1`. */
  readonly apiVersion: string;
  readonly spec: {
    readonly ingressClassName?: string | undefined;
    readonly defaultBackend?: IngressBackend | undefined;
    readonly rules: readonly IngressRule[];
    readonly tls: readonly IngressTls[];
  };
}

/**
 * Cluster-scoped: namespace `""`. source:
 * https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class
 */
export interface IngressClass extends Written {
  readonly kind: "IngressClass";
  readonly controller: string;
}

/** Cluster-scoped: namespace `""`. Its labels decide who may use what. */
export interface Namespace extends Written {
  readonly kind: "Namespace";
}

export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** `UDP`, `SCTP`. default: TCP */
  readonly protocol?: string | undefined;
  readonly appProtocol?: string | undefined;
  readonly nodePort?: number | undefined;
  /** A number, or a container port's name. default: `port` */
  readonly targetPort: number | string;
}

export interface Service extends Written {
  readonly kind: "Service";
  readonly type: string;
  readonly ports: readonly ServicePort[];
  /** Absent if somebody else maintains the endpoints. */
  readonly selector?: ReadonlyMap<string, string> | undefined;
  /** `None`: headless. Absent until the API server chooses one. */
  readonly clusterIP?: string | undefined;
  /** Only for `type: ExternalName`. */
  readonly externalName?: string | undefined;
}

/** An endpoint of an EndpointSlice, with default conditions filled in. */
export interface Endpoint {
  readonly addresses: readonly string[];
  /** default: ready (EndpointSlice API, EndpointConditions.ready) */
  readonly ready: boolean;
  /** Ready apart from being terminated. default: as `ready` */
  readonly serving: boolean;
  /** `serving: false` is written. Traefik asks endpoints that say nothing, as Kubernetes 1.33 has it. */
  readonly servesNot?: true | undefined;
  readonly terminating: boolean;
  /** Its pod in the slice's namespace (`targetRef` of kind Pod). */
  readonly pod?: string | undefined;
}

/** source: https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/ */
export interface EndpointSlice extends Written {
  readonly kind: "EndpointSlice";
  /** From the label `kubernetes.io/service-name`. */
  readonly service: string;
  /** By Service port name; `port` is the pod's, resolved by the cluster, 0 for none. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly endpoints: readonly Endpoint[];
}

export interface ContainerPort {
  /** `""` for none. */
  readonly name: string;
  readonly port: number;
  /** `TCP`, `UDP` or `SCTP`. */
  readonly protocol: string;
}

/** A cluster's pod; only the fields that decide where requests go. */
export interface Pod extends Written {
  readonly kind: "Pod";
  /** `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`. */
  readonly phase: string;
  /** The condition `Ready`. */
  readonly ready: boolean;
  /** Deleted but not ended (`metadata.deletionTimestamp`). */
  readonly terminating: boolean;
  /** `metadata.uid`: a new pod of the same name is another pod. */
  readonly uid: string;
  /** Of all its containers. */
  readonly containerPorts: readonly ContainerPort[];
}

/** `data` decoded from base64, with `stringData` over it. */
export interface Secret extends Written {
  readonly kind: "Secret";
  readonly type: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

export interface ConfigMap extends Written {
  readonly kind: "ConfigMap";
  /** The kind of the object with the chart's values that it is made of. default: it is written as it is */
  readonly heldBy?: CustomKind | undefined;
  readonly data: ReadonlyMap<string, string>;
}

/** A container's program. */
export interface Container {
  /** `registry.k8s.io/ingress-nginx/controller:v1.15.1@sha256:…` */
  readonly image: string;
  /** `command` and `args` as written, each with its field. */
  readonly words: readonly { readonly text: string; readonly field: string }[];
}

/** A Service's workload, as far as an echo service and the search for a controller's flags need it. */
export interface Workload extends Written {
  readonly kind: "Deployment" | "StatefulSet" | "DaemonSet";
  /** 1 for a DaemonSet, which has one pod on each node. */
  readonly replicas: number;
  /** `spec.template.metadata.labels`. */
  readonly podLabels: ReadonlyMap<string, string>;
  /** The template's named container ports. */
  readonly containerPorts: readonly { readonly name: string; readonly port: number }[];
  /** Those with a command line. default: none */
  readonly containers?: readonly Container[] | undefined;
}

/** An object of a kind that a controller brings. Its fields are JSON. */
export interface CustomResource extends Written {
  readonly kind: CustomKind;
  /** As written: `traefik.io/v1alpha1`. */
  readonly apiVersion: string;
  /** `spec`; for kinds without one, all fields beside `metadata`. */
  readonly spec: JsonObject;
}

export type Resource =
  | Ingress
  | IngressClass
  | Namespace
  | Service
  | EndpointSlice
  | Secret
  | ConfigMap
  | Workload
  | Pod
  | CustomResource;
