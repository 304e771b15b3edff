import { compile } from "../../src/compile/compile.ts";
import type { Ingress } from "../../src/model/resource.ts";
import { EMPTY_SNAPSHOT, type Snapshot } from "../../src/model/snapshot.ts";
import type { BenchOptions } from "../bench.ts";

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

/** Processor time of a whole compile. */
export async function benchCompile({ report }: Pick<BenchOptions, "report">): Promise<void> {
  const options = { controller: "ingress-nginx", ingressClasses: ["nginx"], classless: "served" } as const;
  const snapshots = [
    ["10000 Ingresses on as many hosts", manyIngresses(10_000, (index) => `shop-${index}.test`)],
    ["10000 Ingresses on one host", manyIngresses(10_000, () => "shop.test")],
  ] as const;
  for (const [what, snapshot] of snapshots) {
    const started = process.cpuUsage();
    compile(snapshot, options);
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1000;
    report({
      ...{ what: `compile ${what}`, figures: { "ingress-dev": ms }, unit: "ms" },
      ...{ ratio: ms / LIMIT_MS, limit: 1, of: `${LIMIT_MS} ms` },
    });
  }
}
