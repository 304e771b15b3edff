import { expect, test } from "vitest";
import { contourOf, rootWith } from "./contour-world.ts";

const WEB = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
`;

const route = (policy: string, of = "") =>
  `    - services: [{ name: web, port: 80${of} }]\n      requestHeadersPolicy: ${policy}`;

test.each([
  [
    "a Host as it is written",
    route('{ set: [{ name: Host, value: "50%-%CONTOUR_NAMESPACE%" }] }'),
    "host",
    "50%-%CONTOUR_NAMESPACE%",
  ],
  ["a Host of a header alone", route('{ set: [{ name: Host, value: "x-%REQ(X-In)%-y" }] }'), "host", "in"],
  ["what is removed and set", route('{ set: [{ name: X-A, value: "1" }], remove: [X-A] }'), "x-a", "1"],
  [
    "no Service on a first route",
    route('{ set: [{ name: X-A, value: "%CONTOUR_SERVICE_NAME%" }] }'),
    "x-a",
    "%CONTOUR_SERVICE_NAME%",
  ],
  [
    // Contour's map of names is not emptied between routes.
    "the Service of the route before",
    `    - services: [{ name: web, port: 80 }]\n      conditions: [{ prefix: /before }]\n${route('{ set: [{ name: X-A, value: "%CONTOUR_SERVICE_NAME%:%CONTOUR_SERVICE_PORT%" }] }')}`,
    "x-a",
    "web:80",
  ],
])("a route's policy sends %s", (_, routes, name, value) => {
  const decision = contourOf(WEB + rootWith("", routes)).ask("/", "https", { "X-In": "in" });
  const lines = decision.kind === "forward" ? (decision.requestHeaders ?? []) : [];
  expect(lines.filter(([each]) => each === name).at(-1)).toEqual([name, value]);
});

const FILE = `apiVersion: v1
kind: ConfigMap
metadata: { name: contour, namespace: projectcontour }
data: { contour.yaml: "policy: { request-headers: { set: { X-Glob: g } }, response-headers: { set: { X-Back: b } } }" }
---
`;

test("the global policy sets what the Service's own only removes", () => {
  const service = ", requestHeadersPolicy: { remove: [X-Glob] }, responseHeadersPolicy: { remove: [X-Back] }";
  const decision = contourOf(FILE + WEB + rootWith("", route("{}", service))).ask("/");
  expect(decision).toMatchObject({
    requestHeaders: [
      ["x-glob", ""],
      ["x-glob", "g"],
    ],
    responseHeaders: [["x-back", "b"]],
  });
});

test.each([
  ["https://.*\\\\.b\\\\.test", "https://x.b.test", true],
  ["https://(a|b)\\\\.test", "https://b.test", true],
  ["https://[a-z]+\\\\.test", "https://b.test", true],
  ["https://*.b.test", "https://x.b.test", false],
  ["https://A.test:8443", "https://a.test:8443", true],
  ["https://a.test/x", "https://a.test/x", true],
  ["HTTPS://a.test", "https://a.test", false],
])("corsPolicy with the origin %s for a page of %s", (allowed, origin, isAllowed) => {
  const host = `    corsPolicy: { allowOrigin: ["${allowed}"], allowMethods: [GET] }`;
  const decision = contourOf(WEB + rootWith(host, route("{}"))).ask("/", "https", { Origin: origin });
  expect(decision.responseHeaders ?? []).toEqual(isAllowed ? [["access-control-allow-origin", origin]] : []);
});

const REDIRECT = "requestRedirectPolicy: { prefix: /new }";

test.each([
  ["{ regex: '/v[0-9]+' }", "/v123?q", "https://app.test/new?q"],
  ["{ prefix: /v }", "/v123?q", "https://app.test/new123?q"],
  ["{ exact: /v123 }", "/v123?q", "https://app.test/new?q"],
])("a redirect's prefix at %s: %s becomes %s", (condition, target, location) => {
  const routes = `    - conditions: [${condition}]\n      ${REDIRECT}`;
  expect(contourOf(rootWith("", routes)).ask(target)).toMatchObject({ kind: "redirect", location });
});
