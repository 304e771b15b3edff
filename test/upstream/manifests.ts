import type {
  Endpoint,
  EndpointSlice,
  Ingress,
  Metadata,
  Origin,
  Pod,
  Service,
  Workload,
} from "../../src/model/resource.ts";
import type { Backend } from "../../src/model/route.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "../../src/model/snapshot.ts";

const origin: Origin = { file: "test.yaml", document: 1, line: 1, lineOf: () => 1 };

/** The origin of a cluster's object. */
export const inCluster: Origin = { file: "minikube", document: 0, line: 0, lineOf: () => 0 };

function metadata(key: string): Metadata {
  const [namespace = "", name = ""] = key.split("/");
  return { namespace, name, labels: new Map(), annotations: new Map() };
}

export function service(key: string, spec: Partial<Omit<Service, "kind" | "metadata">> = {}): Service {
  const ports = spec.ports ?? [{ name: "", port: 80, targetPort: 80 }];
  return { kind: "Service", metadata: metadata(key), origin, type: "ClusterIP", ...spec, ports };
}

export function workload(
  kind: Workload["kind"],
  key: string,
  replicas: number,
  labels: Record<string, string>,
  containerPorts: Workload["containerPorts"] = [],
): Workload {
  const podLabels = new Map(Object.entries(labels));
  return { kind, metadata: metadata(key), origin, replicas, podLabels, containerPorts };
}

export function slice(
  key: string,
  endpoints: readonly (Pick<Endpoint, "addresses" | "ready"> & Partial<Endpoint>)[],
  ports: EndpointSlice["ports"] = [{ name: "", port: 8080 }],
): EndpointSlice {
  const name = key.split("/")[1] ?? "";
  return {
    kind: "EndpointSlice",
    metadata: metadata(`${key}-abcde`),
    origin,
    service: name,
    endpoints: endpoints.map((one) => ({ serving: one.ready, terminating: false, ...one })),
    ports,
  };
}

/** A ready pod of a cluster. */
export function pod(key: string, labels: Record<string, string> = {}, more: Partial<Pod> = {}): Pod {
  return {
    kind: "Pod",
    metadata: { ...metadata(key), labels: new Map(Object.entries(labels)) },
    origin: inCluster,
    phase: "Running",
    ready: true,
    terminating: false,
    uid: `uid-of-${key}`,
    containerPorts: [{ name: "http", port: 8080, protocol: "TCP" }],
    ...more,
  };
}

/** An Ingress with one path per backend. */
export function ingress(key: string, backends: readonly string[]): Ingress {
  const paths = backends.map((text, at) => {
    const { service: name, port } = backend(text);
    return {
      path: `/${at}`,
      pathType: "Prefix" as const,
      backend: { kind: "service" as const, name, port },
      field: `spec.rules[0].http.paths[${at}]`,
    };
  });
  const rules = [{ host: "", paths, field: "spec.rules[0]" }];
  return {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    metadata: metadata(key),
    origin,
    spec: { rules, tls: [] },
  };
}

export function snapshotWith(parts: Partial<Snapshot>): Snapshot {
  return { ...EMPTY_SNAPSHOT, ...parts };
}

/** `shop/web:80`; default namespace: `default` */
export function backend(text: string): Backend {
  const [, namespace = "default", name = "", port = ""] = /^(?:(.*)\/)?(.*):(.*)$/.exec(text) ?? [];
  return { namespace, service: name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } };
}
