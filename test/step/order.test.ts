import { expect, onTestFinished, test } from "vitest";
import { match } from "../../src/match/match.ts";
import { parseOptions } from "../support/case-file.ts";
import { compileCase } from "../support/compiled-case.ts";

const MANIFESTS = `
apiVersion: v1
kind: ConfigMap
metadata: { name: ingress-nginx-controller, namespace: ingress-nginx }
data: { add-headers: ingress-nginx/headers }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: headers, namespace: ingress-nginx }
data: { X-Uri: $uri }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    nginx.ingress.kubernetes.io/rewrite-target: /new
    ANNOTATION
spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /old, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;

/* Tried on nginx 1.22.1: a header of the http block, a location with `return` or `proxy_pass` beside its `rewrite`. */
test.each([
  ["", "forward", "/new"],
  ["nginx.ingress.kubernetes.io/permanent-redirect: https://b.test/", "redirect", "/old"],
  ['nginx.ingress.kubernetes.io/enable-cors: "true"', "respond", "/old"],
])("%s: a header with $uri on a %s says %s, since rewrite-target comes behind it", (annotation, kind, uri) => {
  const text = MANIFESTS.replace("ANNOTATION", annotation);
  const all = compileCase([{ file: "a.yaml", text }], parseOptions("", "a.yaml"));
  onTestFinished(() => all.close());
  const decision = match(all.table, {
    scheme: "http",
    method: kind === "respond" ? "OPTIONS" : "GET",
    host: "a.test",
    target: "/old",
    ports: { http: 80, https: 443 },
    exact: true,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0,
    noEndpoints: () => undefined,
  });
  expect(decision.kind).toBe(kind);
  expect(decision.responseHeaders).toContainEqual(["X-Uri", uri]);
});
