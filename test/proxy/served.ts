import { expect } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import type { ControllerName } from "../../src/compile/controllers.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { match } from "../../src/match/match.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { ProxyOptions } from "../../src/proxy/proxy.ts";
import { parseMap } from "../../src/upstream/map.ts";
import { createResolver } from "../../src/upstream/resolve.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { type TestProxy, testProxy } from "./support.ts";

/** An Ingress for every path of `a.test`, to port 80 of `web`, with these annotations. */
export function ingressWith(annotations: Readonly<Record<string, string>>, more = ""): string {
  const lines = Object.entries(annotations).map(
    ([name, value]) => `    nginx.ingress.kubernetes.io/${name}: ${JSON.stringify(value)}\n`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
${lines.join("")}spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
${more}`;
}

/** A proxy for manifests, with Services mapped to local ports: `{ web: 3000 }`. */
export async function serveManifests(
  text: string,
  ports: Readonly<Record<string, number>>,
  options: Partial<ProxyOptions> = {},
  controller: ControllerName = "ingress-nginx",
): Promise<TestProxy & { readonly problems: readonly Problem[] }> {
  const parsed = parseManifest(text, "test.yaml");
  const { snapshot } = snapshotOf(parsed.resources);
  const { table, problems } = compile(snapshot, {
    controller,
    ingressClasses: ["nginx"],
    classless: "served",
  });
  expect(parsed.problems).toEqual([]);
  const maps = Object.entries(ports).map(([service, port]) => parseMap(`${service}=${port}`));
  const resolver = createResolver({ snapshot, maps, echo: undefined });
  const proxy = await testProxy(0, {
    decide: (facts) => match(table, facts),
    resolve: resolver.resolve,
    noEndpoints: resolver.noEndpoints,
    plane: () => table.plane,
    client: () => table.options.client,
    ...options,
  });
  return { ...proxy, problems };
}
