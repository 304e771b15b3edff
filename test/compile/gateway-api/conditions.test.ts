import { expect, test } from "vitest";
import { type JsonObject, jsonFields, jsonItems } from "../../../src/model/json.ts";
import { route, TO_WEB, worldOf } from "./gateway-world.ts";

const API = "apiVersion: gateway.networking.k8s.io/v1";
const gateway = (...listeners: readonly string[]) => `
${API}
kind: Gateway
metadata: { name: gw }
spec:
  gatewayClassName: eg
  allowedListeners: { namespaces: { from: All } }
  listeners: [${listeners.join(", ")}]
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ port: 80 }] }
`;
const HTTP = "{ name: http, protocol: HTTP, port: 80 }";
const set = (name: string, ...listeners: readonly string[]) => `
${API}
kind: ListenerSet
metadata: { name: ${name} }
spec: { parentRef: { name: gw }, listeners: [${listeners.join(", ")}] }
`;

type Worded = Readonly<Record<string, string>>;

/** The conditions of a status's part, each as its status, reason and message. */
function worded(part: JsonObject): Worded {
  const all = jsonItems(part.conditions).map(jsonFields);
  return Object.fromEntries(
    all.map(({ type, status, reason, message }) => [
      String(type),
      [status, reason, message].map(String).join(" "),
    ]),
  );
}

function statusOf(manifests: readonly string[], kind: string, name: string): JsonObject {
  const { statuses } = worldOf(manifests);
  return statuses.find(({ object }) => object.kind === kind && object.name === name)?.status ?? {};
}

const listenersIn = (manifests: readonly string[], kind = "Gateway", name = "gw") =>
  jsonItems(statusOf(manifests, kind, name).listeners).map((item) => worded(jsonFields(item)));
const routeIn = (manifests: readonly string[], kind = "HTTPRoute", name = "r") =>
  jsonItems(statusOf(manifests, kind, name).parents).map((item) => worded(jsonFields(item)));

const BAD_RULE = `{ filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { remove: [host] } }], ${TO_WEB} }`;
const NO_HEADERS =
  "RequestHeaderModifier Filter did not provide valid configuration to add/set/remove any headers.";

test("two HTTPRoutes whose prefixes differ by a slash overlap, and no path is the root", () => {
  const rule = (value: string) => `{ matches: [{ path: { value: ${value} } }], ${TO_WEB} }`;
  const grpc = `
${API}
kind: GRPCRoute
metadata: { name: g }
spec: { parentRefs: [{ name: gw }], rules: [{ ${TO_WEB} }] }
`;
  const all = [gateway(HTTP), route(rule("/p/"), "a"), route(rule("/p"), "b"), route(rule("/"), "c"), grpc];
  const overlap = (kind: string, name: string) => routeIn(all, kind, name)[0]?.RouteRulesOverlap;
  const words = "True RouteRulesOverlap Overlapping match conditions with route(s):";
  expect(overlap("HTTPRoute", "a")).toBe(`${words} HTTPRoute default/b`);
  expect(overlap("HTTPRoute", "c")).toBe(`${words} GRPCRoute default/g`);
});

test.each([
  [
    "all rules are dropped",
    [BAD_RULE],
    "",
    { Accepted: `False UnsupportedValue ${NO_HEADERS}`, PartiallyInvalid: undefined },
  ],
  [
    "some are, and no listener has the route",
    [BAD_RULE, `{ ${TO_WEB} }`],
    ", sectionName: gone",
    {
      Accepted: "True Accepted Route is accepted",
      PartiallyInvalid: `True UnsupportedValue Dropped Rule(s) [0]: ${NO_HEADERS}`,
    },
  ],
] as const)("rules that are dropped say whether the route is accepted: %s", (_, rules, section, expected) => {
  const text = route(rules.join(", ")).replace("{ name: gw }", `{ name: gw${section} }`);
  expect(routeIn([gateway(HTTP), text])[0]).toMatchObject(
    Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
  );
});

test("no common host says more than dropped rules", () => {
  const text = route(BAD_RULE).replace("rules:", "hostnames: [b.test], rules:");
  const [parent] = routeIn([gateway("{ name: http, protocol: HTTP, port: 80, hostname: a.test }"), text]);
  expect(parent?.Accepted).toMatch(/^False NoMatchingListenerHostname /);
});

test("a GRPCRoute whose rules are all dropped is not asked for its hosts", () => {
  const grpc = `
${API}
kind: GRPCRoute
metadata: { name: g }
spec: { parentRefs: [{ name: gw }], hostnames: [b.test], rules: [${BAD_RULE}] }
`;
  const named = gateway("{ name: http, protocol: HTTP, port: 80, hostname: a.test }");
  expect(routeIn([named, grpc], "GRPCRoute", "g")[0]?.Accepted).toBe(`False UnsupportedValue ${NO_HEADERS}`);
});

test("several reasons stand in one condition", () => {
  const mirror = "{ type: RequestMirror, requestMirror: { backendRef: { name: web, port: 80 } } }";
  const redirect = "{ type: RequestRedirect, requestRedirect: { port: 8080 } }";
  const rules = [BAD_RULE, `{ filters: [${mirror}, ${redirect}] }`, `{ ${TO_WEB} }`];
  const [parent] = routeIn([gateway(HTTP), route(rules.join(", "))]);
  expect(parent?.PartiallyInvalid).toBe(
    `True IncompatibleFilters,UnsupportedValue Dropped Rule(s) [0 1]: ${NO_HEADERS}\nRequestMirror filter cannot be used when the rule also configures a RequestRedirect filter.`,
  );
});

test.each([
  [
    "a path is rewritten",
    "{ type: URLRewrite, urlRewrite: { path: { type: ReplaceFullPath, replaceFullPath: /x } } }",
    "UnsupportedRefValue Failed to process route rule 0 backendRef 0: URLRewrite path modifier is not supported within BackendRef.",
  ],
  [
    "the host is changed as a header",
    "{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: Host, value: a }] } }",
    `InvalidBackendFilters Failed to process route rule 0 backendRef 0: ${NO_HEADERS}`,
  ],
  [
    "an HTTPRouteFilter is not there",
    "{ type: ExtensionRef, extensionRef: { group: gateway.envoyproxy.io, kind: HTTPRouteFilter, name: gone } }",
    "InvalidBackendFilters Failed to process route rule 0 backendRef 0: Unable to translate HTTPRouteFilter: default/gone.",
  ],
])("filters of a backendRef cannot be used: %s", (_, filter, words) => {
  const rule = `{ backendRefs: [{ name: web, port: 80, filters: [${filter}] }] }`;
  const manifests = [gateway(HTTP), route(rule)];
  expect(routeIn(manifests)[0]?.ResolvedRefs).toBe(`False ${words}`);
  expect(worldOf(manifests).ask("GET / HTTP/1.1\r\nHost: a.test").status).toBe(500);
});

test("TCPRoutes tell of missing endpoints as of other references, each with a sentence", () => {
  const tcp = `
${API}
kind: TCPRoute
metadata: { name: t }
spec: { parentRefs: [{ name: gw }], rules: [{ backendRefs: [{ name: gone, port: 80 }, { name: web, port: 81 }] }] }
`;
  const [parent] = routeIn([gateway("{ name: tcp, protocol: TCP, port: 90 }"), tcp], "TCPRoute", "t");
  expect(parent?.ResolvedRefs).toBe(
    "False BackendNotFound,PortNotFound Service default/gone not found.\nTCP Port 81 not found on Service default/web.",
  );
});

const HOSTS = "All listeners for a given port must use a unique hostname, conflicting listeners:";
const PROTOCOLS = "All listeners for a given port must use a compatible protocol, conflicting listeners:";
const TLS = "port: 443, tls: { mode: Terminate, certificateRefs: [{ name: made }] }";
const SECRET = `
apiVersion: v1
kind: Secret
metadata: { name: made }
type: kubernetes.io/tls
data: { tls.crt: bm9uZQ==, tls.key: bm9uZQ== }
`;

test("two of a Gateway's own listeners that contradict each other are both not served", () => {
  const passed = "port: 443, tls: { mode: Passthrough }";
  const own = listenersIn([
    gateway(
      `{ name: b, protocol: TLS, ${passed}, hostname: a.test }`,
      `{ name: a, protocol: TLS, ${passed}, hostname: b.test }`,
      `{ name: c, protocol: HTTP, port: 443 }`,
    ),
  ]);
  const words = `True ProtocolConflict ${PROTOCOLS} default/gw/b, default/gw/a, default/gw/c`;
  expect(own.map(({ Conflicted }) => Conflicted)).toEqual([words, words, words]);
  expect(own.map(({ Accepted }) => Accepted)).toEqual([undefined, undefined, undefined]);
});

test("a Gateway's listener goes before those of ListenerSets, the first of which goes before the others", () => {
  const twice = set("s", "{ name: x, protocol: HTTP, port: 80 }", "{ name: w, protocol: HTTP, port: 81 }");
  const other = set("t", "{ name: z, protocol: HTTP, port: 81 }");
  const manifests = [gateway(HTTP), twice, other];
  expect(listenersIn(manifests)[0]?.Conflicted).toBeUndefined();
  const [x, w] = listenersIn(manifests, "ListenerSet", "s");
  const words = `HostnameConflict ${HOSTS} default/gw/http, default/s/x`;
  expect(x).toMatchObject({
    Conflicted: `True ${words}`,
    Accepted: `False ${words}`,
    Programmed: `False ${words}`,
  });
  expect(w?.Conflicted).toBe("False NoConflicts No conflicts detected");
  expect(listenersIn(manifests, "ListenerSet", "t")[0]?.Conflicted).toMatch(/^True HostnameConflict /);
});

test.each([
  [
    "some are missing",
    "[{ name: one }, { name: two, kind: ConfigMap }, { name: three, group: x.io }]",
    "False InvalidCertificateRef No valid secrets exist: certificate refs 0: Secret default/one does not exist.\ncertificate refs 1: Listener's TLS certificate ref kind must be Secret.\ncertificate refs 2: Listener's TLS certificate ref group must be unspecified/empty.",
  ],
  [
    "a forbidden one is not the only fault",
    "[{ name: one, namespace: far }, { name: two }]",
    "False InvalidCertificateRef No valid secrets exist: certificate refs 0: Certificate ref to secret far/one not permitted by any ReferenceGrant.\ncertificate refs 1: Secret default/two does not exist.",
  ],
  [
    "what is no certificate hides the others",
    "[{ name: one }, { name: made }]",
    "False InvalidCertificateRef No valid secrets exist: default/made must contain valid tls.crt and tls.key, unable to validate certificate in tls.crt: unable to decode pem data for certificate.",
  ],
])("certificates of a listener: %s", (_, refs, words) => {
  const listener = `{ name: https, protocol: HTTPS, ${TLS} }`.replace("[{ name: made }]", refs);
  expect(listenersIn([gateway(listener), SECRET])[0]?.ResolvedRefs).toBe(words);
});

test("a kind of another group is refused", () => {
  const [own] = listenersIn([
    gateway(
      "{ name: http, protocol: HTTP, port: 80, allowedRoutes: { kinds: [{ group: x.io, kind: HTTPRoute }] } }",
    ),
  ]);
  expect(own?.ResolvedRefs).toBe(
    "False InvalidRouteKinds Group is not supported, group must be gateway.networking.k8s.io",
  );
});

test("a parent of another group is nobody's", () => {
  const text = route(`{ ${TO_WEB} }`).replace("{ name: gw }", "{ name: gw, group: x.io }");
  expect(routeIn([gateway(HTTP), text])).toEqual([]);
});
