/** Where an object was written. */
export interface Origin {
  /** The file as the user named it, `<stdin>`, or the name of a cluster's context. */
  readonly file: string;
  /** 1-based number of the document in the file; 0 for an object read from a cluster. */
  readonly document: number;
  /** 1-based line on which the object starts; 0 for an object read from a cluster. */
  readonly line: number;
  /**
   * 1-based line of a field, by its path as the API server writes it (`spec.rules[0].host`); the line of the
   * nearest enclosing field that is written down where that one is not. 0 for an object read from a cluster.
   */
  readonly lineOf: (field: string) => number;
}

/** The part of `metadata` that ingress-dev reads. Maps, so that `__proto__` is a key like any other. */
export interface Metadata {
  readonly name: string;
  /** `default` where the manifest names none, as `kubectl apply` would. */
  readonly namespace: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly annotations: ReadonlyMap<string, string>;
  /** RFC 3339, only on objects read from a cluster. */
  readonly creationTimestamp?: string | undefined;
}

interface Written {
  readonly metadata: Metadata;
  readonly origin: Origin;
}

/** https://kubernetes.io/docs/concepts/services-networking/ingress/#path-types */
export type PathType = "Exact" | "Prefix" | "ImplementationSpecific";

/** A Service's port as a backend names it: exactly one of the two. */
export type PortRef = { readonly number: number } | { readonly name: string };

/** What a path leads to: a Service's port, or another kind of object in the same namespace. */
export type IngressBackend =
  | { readonly kind: "service"; readonly name: string; readonly port: PortRef }
  | {
      readonly kind: "resource";
      readonly apiGroup: string;
      readonly resourceKind: string;
      readonly name: string;
    };

/** One entry of `spec.rules[].http.paths`. */
export interface IngressPath {
  /** As written; `""` where the manifest has none. */
  readonly path: string;
  /** `ImplementationSpecific` where an old apiVersion leaves it out. */
  readonly pathType: PathType;
  readonly backend: IngressBackend;
  /** Its place in the manifest, `spec.rules[0].http.paths[1]`: stays right where a bad sibling was left out. */
  readonly field: string;
}

/** One entry of `spec.rules`. */
export interface IngressRule {
  /** As written; `""` where the rule is for every host. */
  readonly host: string;
  /** Absent where the rule has no `http`. */
  readonly paths?: readonly IngressPath[] | undefined;
  /** `spec.rules[0]`. */
  readonly field: string;
}

/** One entry of `spec.tls`. */
export interface IngressTls {
  readonly hosts: readonly string[];
  readonly secretName?: string | undefined;
  /** `spec.tls[0]`. */
  readonly field: string;
}

/** An Ingress in the shape of `networking.k8s.io/v1`, whichever apiVersion it was written in. */
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

/** https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class (cluster-scoped: namespace `""`) */
export interface IngressClass extends Written {
  readonly kind: "IngressClass";
  readonly controller: string;
}

/** One entry of `spec.ports` of a Service. */
export interface ServicePort {
  readonly name: string;
  readonly port: number;
  /** A number, or the name of a container's port; `port` where the manifest has none. */
  readonly targetPort: number | string;
}

export interface Service extends Written {
  readonly kind: "Service";
  readonly type: string;
  readonly ports: readonly ServicePort[];
  /** Absent for a Service without selector, whose endpoints somebody else keeps. */
  readonly selector?: ReadonlyMap<string, string> | undefined;
  /** `None` for a headless Service; absent where the API server is still to choose one. */
  readonly clusterIP?: string | undefined;
  /** Only on `type: ExternalName`. */
  readonly externalName?: string | undefined;
}

/** One endpoint of an EndpointSlice; what is not written down of its conditions is settled here. */
export interface Endpoint {
  readonly addresses: readonly string[];
  /** Unset is to be taken for ready (EndpointSlice API, EndpointConditions.ready). */
  readonly ready: boolean;
  /** Ready, were it not for being terminated; as `ready` where it is unset. */
  readonly serving: boolean;
  readonly terminating: boolean;
  /** The pod it is (`targetRef` of kind Pod), in the slice's namespace; absent where it is no pod. */
  readonly pod?: string | undefined;
}

/** https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/ */
export interface EndpointSlice extends Written {
  readonly kind: "EndpointSlice";
  /** From the label `kubernetes.io/service-name`. */
  readonly service: string;
  /** By the names of the Service's ports; `port` is the pod's, already resolved by the cluster, 0 where it has none. */
  readonly ports: readonly { readonly name: string; readonly port: number }[];
  readonly endpoints: readonly Endpoint[];
}

/** A port of a container. */
export interface ContainerPort {
  /** `""` where it has none. */
  readonly name: string;
  readonly port: number;
  /** `TCP`, `UDP` or `SCTP`. */
  readonly protocol: string;
}

/** A pod, as far as it is known who may be sent requests. Only ever read from a cluster. */
export interface Pod extends Written {
  readonly kind: "Pod";
  /** `Pending`, `Running`, `Succeeded`, `Failed` or `Unknown`. */
  readonly phase: string;
  /** The condition `Ready`. */
  readonly ready: boolean;
  /** Deleted, and still there until it has ended (`metadata.deletionTimestamp`). */
  readonly terminating: boolean;
  /** `metadata.uid`: a pod made again under the same name is another pod. */
  readonly uid: string;
  /** Of all its containers. */
  readonly containerPorts: readonly ContainerPort[];
}

/** `data` decoded from base64, `stringData` laid over it. */
export interface Secret extends Written {
  readonly kind: "Secret";
  readonly type: string;
  readonly data: ReadonlyMap<string, Buffer>;
}

export interface ConfigMap extends Written {
  readonly kind: "ConfigMap";
  readonly data: ReadonlyMap<string, string>;
}

/** What runs the pods of a Service, as far as an echo service needs to know it. */
export interface Workload extends Written {
  readonly kind: "Deployment" | "StatefulSet";
  readonly replicas: number;
  /** `spec.template.metadata.labels`. */
  readonly podLabels: ReadonlyMap<string, string>;
  /** Named container ports of the template. */
  readonly containerPorts: readonly { readonly name: string; readonly port: number }[];
}

/** Every kind of object that ingress-dev reads. */
export type Resource = Ingress | IngressClass | Service | EndpointSlice | Secret | ConfigMap | Workload | Pod;
