import { compile } from "../src/compile/compile.ts";
import type { Ingress } from "../src/model/resource.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "../src/model/snapshot.ts";
import type { Outcome } from "./outcome.ts";

/** Limit for 10,000 Ingresses. unit: ms */
const LIMIT_MS = 2_000;

/** Many Ingresses with two paths each, on separate hosts or all on one. */
export function manyIngresses(count: number, hostOf: (index: number) => string): Snapshot {
  return {
    ...EMPTY_SNAPSHOT,
    ingresses: Array.from({ length: count }, (_, index) => ingress(index, hostOf(index))),
  };
}

function ingress(index: number, host: string): Ingress {
  const paths = ["/", `/api/v${index}`].map((path, at) => ({
    path,
    pathType: "Prefix" as const,
    backend: { kind: "service" as const, name: "web", port: { number: 80 } },
    field: `spec.rules[0].http.paths[${at}]`,
  }));
  return {
    kind: "Ingress",
    apiVersion: "networking.k8s.io/v1",
    metadata: { name: `shop-${index}`, namespace: "default", labels: new Map(), annotations: new Map() },
    origin: { file: "shops.yaml", document: index + 1, line: 1, lineOf: () => 1 },
    spec: { ingressClassName: "nginx", rules: [{ host, paths, field: "spec.rules[0]" }], tls: [] },
  };
}

export function benchCompile(): readonly Outcome[] {
  const options = { controller: "ingress-nginx", ingressClasses: ["nginx"], classless: "served" } as const;
  const snapshots = [
    {
      what: "10,000 Ingresses on 10,000 hosts",
      snapshot: manyIngresses(10_000, (index) => `shop-${index}.test`),
    },
    { what: "10,000 Ingresses on one host", snapshot: manyIngresses(10_000, () => "shop.test") },
  ];
  return snapshots.map(({ what, snapshot }) => {
    const started = process.cpuUsage();
    compile(snapshot, options);
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    return {
      what: `compile ${what}`,
      figure: `${ms.toFixed(0)} ms of processor time`,
      ratio: ms / LIMIT_MS,
      limit: 1,
    };
  });
}
