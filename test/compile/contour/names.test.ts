import { expect, it, test } from "vitest";
import { contourOf, rootWith } from "./contour-world.ts";

const ROUTES = "    - services: [{ name: web, port: 80 }]";
const SERVICE = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
`;

const file = (yaml: string) => `apiVersion: v1
kind: ConfigMap
metadata: { name: contour, namespace: projectcontour }
data:
  contour.yaml: |
${yaml.replace(/^/gm, "    ")}
---
`;

test.each([
  [
    "disableMergeSlash: true",
    "Contour knows no disableMergeSlash in contour.yaml (disableMergeSlashes?), and does not start with it",
  ],
  ["nope: 1", "Contour knows no nope in contour.yaml, and does not start with it"],
  [
    "network: { num-trusted-hop: 1 }",
    "Contour knows no network.num-trusted-hop in contour.yaml (num-trusted-hops?), and does not start with it",
  ],
  [
    "timeouts: { request-timeout: 1s }",
    "timeouts.request-timeout of contour.yaml is not honoured here: requests are answered as without it",
  ],
  [
    "compression: { algorithm: zstd }",
    "compression.algorithm zstd is not done here: answers are sent as they are",
  ],
  [
    "globalExtAuth: { extensionService: a/b }",
    "the service of globalExtAuth is not asked here: nobody is let in (403) but where authPolicy is disabled",
  ],
])("contour.yaml with %s", (yaml, words) => {
  const found = contourOf(file(yaml)).problems.filter(({ object }) => object?.kind === "ConfigMap");
  expect(found.map(({ message }) => message)).toEqual([`ConfigMap projectcontour/contour: ${words}.`]);
  expect(found[0]?.line).toBeGreaterThan(0);
});

test.each([
  ["connect-timeout: 5s", { connectTimeoutMs: 5_000, idleTimeoutMs: 300_000 }],
  ["stream-idle-timeout: 1m", { connectTimeoutMs: 2_000, idleTimeoutMs: 60_000 }],
  ["stream-idle-timeout: infinity", { connectTimeoutMs: 2_000, idleTimeoutMs: 86_400_000 }],
])("timeouts of contour.yaml with %s hold for routes that say nothing else", (yaml, times) => {
  const text = file(`timeouts: { ${yaml} }`) + SERVICE + rootWith("", ROUTES);
  expect(contourOf(text).ask("/").route?.transport).toMatchObject(times);
});

it("takes what the example has without a word", () => {
  const yaml =
    "disablePermitInsecure: false\naccesslog-format: envoy\ntls: { fallback-certificate: {} }\ntimeouts: {}\n";
  expect(contourOf(file(yaml)).problems).toEqual([]);
});

it("lets nobody in for globalExtAuth but where its policy, or the route's, is disabled", () => {
  const text =
    SERVICE +
    rootWith(
      "",
      `${ROUTES}\n${ROUTES}\n      conditions: [{ prefix: /open }]\n      authPolicy: { disabled: true }`,
    );
  const on = contourOf(file("globalExtAuth: { extensionService: a/b }") + text);
  expect(on.ask("/")).toMatchObject({ status: 403 });
  expect(on.ask("/", "http")).toMatchObject({ status: 301 });
  expect(on.ask("/open").kind).toBe("forward");
  const off = contourOf(
    file("globalExtAuth: { extensionService: a/b, authPolicy: { disabled: true } }") + text,
  );
  expect(off.ask("/").kind).toBe("forward");
});

const annotated = (
  kind: string,
  annotation: string,
) => `apiVersion: ${kind === "Ingress" ? "networking.k8s.io/v1" : "v1"}
kind: ${kind}
metadata: { name: x, annotations: { ${annotation}: "1" } }
spec: ${kind === "Ingress" ? "{ defaultBackend: { service: { name: web, port: { number: 80 } } } }" : "{ ports: [{ port: 80 }] }"}
---
`;

test.each([
  [
    "Ingress",
    "projectcontour.io/websocket-route",
    "annotation-unknown",
    "reads no projectcontour.io/websocket-route of this kind (projectcontour.io/websocket-routes?). Only",
  ],
  [
    "Ingress",
    "projectcontour.io/nope",
    "annotation-unknown",
    "reads no projectcontour.io/nope of this kind. Only",
  ],
  [
    "Ingress",
    "projectcontour.io/max-connections",
    "annotation-unknown",
    "of this kind: it belongs on a Service. Only",
  ],
  [
    "Service",
    "projectcontour.io/retry-on",
    "annotation-unknown",
    "of this kind: it belongs on an Ingress. Only",
  ],
  ["Service", "projectcontour.io/max-retries", "annotation-not-honoured", "is not honoured"],
])("%s with %s: %s", (kind, annotation, code, words) => {
  const found = contourOf(SERVICE + annotated(kind, annotation)).problems;
  expect(found).toMatchObject([{ code, message: expect.stringContaining(words) }]);
});

test.each([
  ["Ingress", "projectcontour.io/num-retries"],
  ["Ingress", "nginx.ingress.kubernetes.io/rewrite-target"],
  ["Service", "projectcontour.io/upstream-protocol.tls"],
])("%s with %s is taken without a word", (kind, annotation) => {
  expect(contourOf(SERVICE + annotated(kind, annotation)).problems).toEqual([]);
});
