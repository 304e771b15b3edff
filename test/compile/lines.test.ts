import { expect, test } from "vitest";
import { compile } from "../../src/compile/compile.ts";
import { createParseCache } from "../../src/manifest/parse-cache.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const MANIFEST = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/limit-rps: "1"
    nginx.ingress.kubernetes.io/proxy-body-size: much
spec:
  ingressClassName: nginx
  rules:
    - host: shop.test
      http:
        paths:
          - { path: /a, pathType: Prefix, backend: { service: { name: a, port: { number: 80 } } } }
          - { path: /b, pathType: Exact, backend: { service: { name: b, port: { number: 80 } } } }
`;

test("what was compiled of an Ingress tells the lines where its document stands now", () => {
  const cache = createParseCache();
  const { resources } = parseManifest(MANIFEST, "shop.yaml", cache);
  const { table, problems } = compile(snapshotOf(resources).snapshot, {
    controller: "ingress-nginx",
    classless: "served",
  });
  const lines = () => ({
    problems: problems.map(({ line }) => line),
    routes: table.routes.map(({ ingress }) => ingress?.line),
    reasons: table.routes.flatMap(({ why }) => why.flatMap(({ at }) => at?.line ?? [])),
    told: JSON.parse(JSON.stringify(problems)).map(({ line }: { line: number }) => line),
  });
  expect(lines()).toEqual({ problems: [7], routes: [15, 14], reasons: [15, 14], told: [7] });
  const moved = parseManifest(`kind: Pod\napiVersion: v1\n---\n${MANIFEST}`, "shop.yaml", cache);
  expect(moved.resources[0]).toBe(resources[0]);
  expect(lines()).toEqual({ problems: [10], routes: [18, 17], reasons: [18, 17], told: [10] });
});
