import { expect, test } from "vitest";
import { GATEWAY, policy, route, TO_WEB, worldOf } from "./gateway-world.ts";

const HEAD = "GET /p HTTP/1.1\r\nHost: a.test";
const PREFLIGHT =
  "OPTIONS /p HTTP/1.1\r\nHost: a.test\r\nOrigin: https://o.test\r\nAccess-Control-Request-Method: PUT";
const FILTERS = `
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: HTTPRouteFilter
metadata: { name: answer }
spec: { directResponse: { statusCode: 201, contentType: text/x-a } }
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: HTTPRouteFilter
metadata: { name: rewrite }
spec: { urlRewrite: { path: { type: ReplaceRegexMatch, replaceRegexMatch: { pattern: p, substitution: q } } } }
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: HTTPRouteFilter
metadata: { name: broken }
spec: { urlRewrite: { path: { type: ReplaceRegexMatch, replaceRegexMatch: { pattern: "(", substitution: q } } } }
---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: HTTPRouteFilter
metadata: { name: bodiless }
spec: { directResponse: { body: { type: ValueRef, valueRef: { group: "", kind: ConfigMap, name: gone } } } }
`;
const extension = (name: string, kind = "HTTPRouteFilter") =>
  `{ type: ExtensionRef, extensionRef: { group: gateway.envoyproxy.io, kind: ${kind}, name: ${name} } }`;
const request = (modifier: string) =>
  `{ type: RequestHeaderModifier, requestHeaderModifier: { ${modifier} } }`;
const response = (modifier: string) =>
  `{ type: ResponseHeaderModifier, responseHeaderModifier: { ${modifier} } }`;
const MIRROR = "{ type: RequestMirror, requestMirror: { backendRef: { name: web, port: 80 } } }";
const REWRITE = "{ type: URLRewrite, urlRewrite: { path: { type: ReplaceFullPath, replaceFullPath: /x } } }";
const CORS = "{ type: CORS, cors: { allowOrigins: ['https://o.test'] } }";
const HOST = "the Host header or headers with a '/' or ':' character in them.";

const withFilters = (...filters: readonly string[]) =>
  worldOf([GATEWAY, FILTERS, route(`{ filters: [${filters.join(", ")}], ${TO_WEB} }`)]);

test.each([
  [
    "each header that cannot be changed has its sentence",
    [request("add: [{ name: Host, value: a }], set: [{ name: x, value: a }], remove: [host]")],
    `Header: "Host". The RequestHeaderModifier filter cannot add ${HOST} To modify the Host header use the URLRewrite or the HTTPRouteFilter filter.\nHeader: "host". The RequestHeaderModifier filter cannot remove ${HOST} The rule is dropped`,
  ],
  [
    "headers of answers are judged alike",
    [response("add: [{ name: host, value: a }], set: [{ name: x, value: a }]")],
    `Header: "host". The ResponseHeaderModifier filter cannot set ${HOST} The rule is dropped`,
  ],
  [
    "of answers none is left",
    [response("remove: [Host]")],
    "ResponseHeaderModifier Filter did not provide valid configuration to add/remove any headers. The rule is dropped",
  ],
  [
    "an answer beside a copy",
    [MIRROR, extension("answer")],
    "RequestMirror filter cannot be used when the rule also configures a DirectResponse filter. The rule is dropped",
  ],
  [
    "two filters change the path",
    [REWRITE, extension("rewrite")],
    "Cannot configure multiple urlRewrite filters for a single HTTPRouteRule. The rule is dropped",
  ],
  [
    "an expression that is none",
    [extension("broken")],
    "ReplaceRegexMatch must be a valid RE2 regular expression. The rule is dropped",
  ],
  [
    "a body that is not there",
    [extension("bodiless")],
    "Invalid filter HTTPRouteFilter: can't find the referenced configmap default/gone. The rule is dropped",
  ],
  [
    "an address in place of a name",
    ["{ type: URLRewrite, urlRewrite: { hostname: 10.0.0.1 } }"],
    'Hostname: "10.0.0.1" cannot be an ip address. The rule is dropped',
  ],
] as const)("a rule is answered 500: %s", (_, filters, words) => {
  const { ask, problems } = withFilters(...filters);
  expect(ask(HEAD)).toMatchObject({ kind: "respond", status: 500 });
  expect(problems.map(({ message }) => message)).toEqual([`HTTPRoute default/r: ${words}`]);
});

test("an answer goes before a redirect", () => {
  const redirect = "{ type: RequestRedirect, requestRedirect: { port: 8080 } }";
  const { ask } = worldOf([GATEWAY, FILTERS, route(`{ filters: [${redirect}, ${extension("answer")}] }`)]);
  const responseHeaders = [["content-type", "text/x-a"]];
  expect(ask(HEAD)).toMatchObject({ kind: "respond", status: 201, responseHeaders });
});

test("a broken rule is guarded as the others", () => {
  const guard = policy(
    "SecurityPolicy",
    "authorization: { rules: [{ action: Deny, principal: { clientCIDRs: [0.0.0.0/0] } }] }",
  );
  const { ask } = worldOf([GATEWAY, guard, route(`{ filters: [${extension("gone")}], ${TO_WEB} }`)]);
  expect(ask(HEAD).status).toBe(403);
});

test("no filter is looked at behind one that answers", () => {
  const { ask, problems } = withFilters(extension("answer"), response("remove: [Host]"), CORS);
  expect(ask(HEAD)).toMatchObject({ kind: "respond", status: 201 });
  expect(ask(PREFLIGHT)).toMatchObject({ status: 201 });
  expect(problems).toEqual([]);
});

test.each([
  ["the filter in front of a broken one", `{ filters: [${CORS}, ${extension("gone")}], ${TO_WEB} }`, 500],
  ["the filter behind it", `{ filters: [${extension("gone")}, ${CORS}], ${TO_WEB} }`, 500],
  ["a Service that is not there", `{ filters: [${CORS}], backendRefs: [{ name: gone, port: 80 }] }`, 500],
  ["a redirect", `{ filters: [${CORS}, { type: RequestRedirect, requestRedirect: { port: 8080 } }] }`, 302],
  ["a backend", `{ filters: [${CORS}], ${TO_WEB} }`, 200],
])("CORS filters answer preflights for backends alone: %s", (_, rule, status) => {
  const { ask } = worldOf([GATEWAY, FILTERS, route(rule)]);
  expect(ask(PREFLIGHT).status).toBe(status);
});

test("a Service without endpoints answers preflights as all else", () => {
  const { ask } = worldOf([GATEWAY, route(`{ filters: [${CORS}], ${TO_WEB} }`)]);
  expect(ask(PREFLIGHT, { noEndpoints: ["web"] }).status).toBe(503);
});

test("a method of GRPCRoutes is the end of the path with its query, and nothing is upgraded", () => {
  const grpc = `
apiVersion: gateway.networking.k8s.io/v1
kind: GRPCRoute
metadata: { name: g }
spec: { parentRefs: [{ name: gw }], rules: [{ matches: [{ method: { method: Get } }], ${TO_WEB} }] }
`;
  const { ask } = worldOf([GATEWAY, grpc]);
  const upgrade = "GET /any/Get HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: websocket";
  expect(ask(upgrade).status).toBe(403);
  const statusOf = (target: string) => ask(`POST ${target} HTTP/1.1\r\nHost: a.test`).kind;
  expect(["/any/Get", "/any/Get?a=1", "/any/Set?a=/Get"].map(statusOf)).toEqual([
    "forward",
    "respond",
    "forward",
  ]);
});
