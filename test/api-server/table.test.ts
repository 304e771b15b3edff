import { expect, test } from "vitest";
import type { KubeObject } from "../support/api-server/object.ts";
import { plain } from "../support/api-server/present.ts";
import { resourceTypes } from "../support/api-server/resource-type.ts";
import { age } from "../support/api-server/table/age.ts";
import { table } from "../support/api-server/table/table.ts";

const NOW = new Date("2026-01-10T00:00:00Z");
const S = 1;
const M = 60 * S;
const H = 60 * M;
const D = 24 * H;

test.each([
  [0, "0s"],
  [119 * S, "119s"],
  [2 * M, "2m"],
  [3 * M + 5 * S, "3m5s"],
  [10 * M + 5 * S, "10m"],
  [179 * M, "179m"],
  [3 * H, "3h"],
  [3 * H + 5 * M, "3h5m"],
  [8 * H + 5 * M, "8h"],
  [47 * H, "47h"],
  [3 * D + 4 * H, "3d4h"],
  [8 * D + 4 * H, "8d"],
  [729 * D, "729d"],
  [3 * 365 * D + 5 * D, "3y5d"],
  [9 * 365 * D, "9y"],
  [-10, "<invalid>"],
])("%d seconds are %s", (seconds, text) => {
  expect(age(new Date(NOW.getTime() - seconds * 1000).toISOString(), NOW)).toBe(text);
});

const rules = (...hosts: readonly (string | undefined)[]) => ({
  spec: { rules: hosts.map((host) => ({ host })) },
});
const status = (...ingress: readonly object[]) => ({ status: { loadBalancer: { ingress } } });
const container = { name: "a", image: "b" };

test.each<[string, object, readonly (string | number)[]]>([
  ["Ingress", { spec: {} }, ["x", "<none>", "*", "", "80", "60s"]],
  ["Ingress", { spec: { ingressClassName: "nginx", tls: [{}] } }, ["x", "nginx", "*", "", "80, 443", "60s"]],
  ["Ingress", rules("a", "b", "c"), ["x", "<none>", "a,b,c", "", "80", "60s"]],
  ["Ingress", rules("a", "a", "c", "d"), ["x", "<none>", "a,a,c + 1 more...", "", "80", "60s"]],
  ["Ingress", rules("a", undefined), ["x", "<none>", "a", "", "80", "60s"]],
  [
    "Ingress",
    status({ ip: "2" }, { hostname: "h", ip: "1" }, { ip: "2" }),
    ["x", "<none>", "*", "1,2", "80", "60s"],
  ],
  ["Ingress", status({ hostname: "h" }), ["x", "<none>", "*", "h", "80", "60s"]],
  [
    "IngressClass",
    { spec: { controller: "c", parameters: { kind: "K", apiGroup: "g", name: "n" } } },
    ["x", "c", "K.g/n", "60s"],
  ],
  [
    "Service",
    {
      spec: {
        type: "ClusterIP",
        clusterIP: "1",
        ports: [{ port: 80, protocol: "TCP" }],
        selector: { a: "b" },
      },
    },
    ["x", "ClusterIP", "1", "<none>", "80/TCP", "60s", "a=b"],
  ],
  [
    "Service",
    {
      spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30080, protocol: "TCP" }], externalIPs: ["9"] },
    },
    ["x", "NodePort", "<none>", "9", "80:30080/TCP", "60s", "<none>"],
  ],
  [
    "Service",
    { spec: { type: "LoadBalancer" } },
    ["x", "LoadBalancer", "<none>", "<pending>", "<none>", "60s", "<none>"],
  ],
  [
    "Service",
    { spec: { type: "ExternalName", externalName: "e" } },
    ["x", "ExternalName", "<none>", "e", "<none>", "60s", "<none>"],
  ],
  [
    "EndpointSlice",
    {
      addressType: "IPv4",
      ports: [{ port: 80 }],
      endpoints: ["1", "2", "3", "4"].map((ip) => ({ addresses: [ip] })),
    },
    ["x", "IPv4", "80", "1,2,3 + 1 more...", "60s"],
  ],
  ["EndpointSlice", { addressType: "IPv4" }, ["x", "IPv4", "<unset>", "<unset>", "60s"]],
  [
    "Endpoints",
    { subsets: [{ addresses: [{ ip: "1" }, { ip: "2" }], ports: [{ port: 80 }] }] },
    ["x", "1:80,2:80", "60s"],
  ],
  [
    "Pod",
    { spec: { containers: [container] }, status: { phase: "Pending" } },
    ["x", "0/1", "Pending", "0", "60s", "<none>", "<none>", "<none>", "<none>"],
  ],
  [
    "Pod",
    {
      spec: { containers: [container] },
      status: {
        phase: "Running",
        podIP: "1",
        containerStatuses: [
          { ready: false, restartCount: 3, state: { waiting: { reason: "CrashLoopBackOff" } } },
        ],
      },
    },
    ["x", "0/1", "CrashLoopBackOff", "3", "60s", "1", "<none>", "<none>", "<none>"],
  ],
  [
    "Deployment",
    {
      spec: {
        replicas: 2,
        selector: { matchLabels: { a: "b" } },
        template: { spec: { containers: [container] } },
      },
      status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 },
    },
    ["x", "1/2", 2, 1, "60s", "a", "b", "a=b"],
  ],
  ["Secret", { type: "Opaque", data: { a: "", b: "" } }, ["x", "Opaque", 2, "60s"]],
  ["ConfigMap", { data: { a: "" }, binaryData: { b: "" } }, ["x", 2, "60s"]],
  ["Namespace", { status: { phase: "Active" } }, ["x", "Active", "60s"]],
  [
    "Node",
    {
      metadata: {
        name: "x",
        creationTimestamp: "2026-01-09T23:59:00Z",
        labels: { "node-role.kubernetes.io/control-plane": "" },
      },
      status: { conditions: [{ type: "Ready", status: "True" }], nodeInfo: { kubeletVersion: "v1.33.0" } },
    },
    [
      "x",
      "Ready",
      "control-plane",
      "60s",
      "v1.33.0",
      "<none>",
      "<none>",
      "<unknown>",
      "<unknown>",
      "<unknown>",
    ],
  ],
  ["Lease", {}, ["x", "60s"]],
])("%s %j has the cells %j", (kind, object, cells) => {
  const type = resourceTypes().find((one) => one.kind === kind);
  if (type === undefined) throw new Error(`no ${kind}`);
  const metadata = { name: "x", creationTimestamp: "2026-01-09T23:59:00Z" };
  const whole = { apiVersion: "", kind, metadata, ...object } as KubeObject;
  const shown = table(type, plain(type).one, null, () => NOW).one(whole);
  expect(shown.rows).toMatchObject([{ cells }]);
});
