import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import type { ApiServer } from "./api-server/api-server.ts";
import type { KubeObject } from "./api-server/object.ts";

/** An Ingress for one host; every path leads to port 80 of the Service `web`. */
export function ingressFor(
  host: string,
  more: { readonly name?: string; readonly secret?: string; readonly service?: string } = {},
): KubeObject {
  const service = { name: more.service ?? "web", port: { number: 80 } };
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: more.name ?? "web", namespace: "default" },
    spec: {
      ingressClassName: "nginx",
      ...(more.secret === undefined ? {} : { tls: [{ hosts: [host], secretName: more.secret }] }),
      rules: [{ host, http: { paths: [{ path: "/", pathType: "Prefix", backend: { service } }] } }],
    },
  };
}

export function podOf(service: string, name: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace: "default", labels: { app: service } },
    spec: { containers: [{ name: "main", image: "main", ports: [{ name: "http", containerPort: 8080 }] }] },
    status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
  };
}

/** A Service with the EndpointSlice of its pods. */
export function serviceOf(name: string, pods: readonly string[]): readonly KubeObject[] {
  const labels = { "kubernetes.io/service-name": name };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name, namespace: "default" },
      spec: { selector: { app: name }, ports: [{ name: "http", port: 80, targetPort: "http" }] },
    },
    {
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name: `${name}-abcde`, namespace: "default", labels },
      addressType: "IPv4",
      ports: [{ name: "http", port: 8080, protocol: "TCP" }],
      endpoints: pods.map((pod, at) => ({
        addresses: [`10.244.0.${at + 2}`],
        conditions: { ready: true, serving: true, terminating: false },
        targetRef: { kind: "Pod", name: pod, namespace: "default" },
      })),
    },
  ];
}

/** A pod that answers with its name and the request path. */
export async function runPod(api: ApiServer, service: string, name: string): Promise<void> {
  const server = createServer((request, response) => response.end(`${name} ${request.url}`));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  api.apply(podOf(service, name));
  api.servePod("default", name, 8080, { host: "127.0.0.1", port });
}
