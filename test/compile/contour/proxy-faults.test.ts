import { expect, test } from "vitest";
import { selfSigned } from "../../proxy/support.ts";
import { contourOf, rootWith } from "./contour-world.ts";

const SERVICES = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ name: http, port: 80 }, { name: dns, port: 53, protocol: UDP }] }
---
apiVersion: v1
kind: Secret
metadata: { name: half }
type: Opaque
data: { tls.crt: aGFsZg== }
---
apiVersion: v1
kind: Secret
metadata: { name: none }
type: Opaque
data: { tls.key: aGFsZg== }
---
apiVersion: v1
kind: Secret
metadata: { name: basic }
type: kubernetes.io/basic-auth
stringData: { username: a }
---
apiVersion: v1
kind: Secret
metadata: { name: malformed }
type: Opaque
data: { tls.crt: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCmFhYWEKLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=, tls.key: aGFsZg== }
---
`;
const WEB = "services: [{ name: web, port: 80 }]";
const ROUTE = `    - ${WEB}`;

const BESIDE = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: beside }
spec:
  tls: [{ hosts: [app.test], secretName: app-tls }]
  rules:
    - host: app.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
`;

const header = (text: string) => `{ header: { ${text} } }`;

const CONTRADICTION =
  "RouteError HeaderMatchConditionsNotValid: cannot specify contradictory 'exact' and 'notexact' conditions for the same route and header";
const HEADER_WORDS =
  "[a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')]";

test.each([
  [
    "conditions that contradict each other",
    `${ROUTE}\n      conditions: [${header("name: a, notexact: x")}, ${header("name: A, exact: x")}]`,
    [CONTRADICTION],
  ],
  [
    "conditions with a flag, which contradict nothing",
    `${ROUTE}\n      conditions: [${header("name: a, notexact: x, ignoreCase: true")}, ${header("name: A, exact: x")}]`,
    [],
  ],
  [
    "a limit's header that cannot be",
    `${ROUTE}\n      rateLimitPolicy: { local: { requests: 1, unit: hour, responseHeadersToAdd: [{ name: a b, value: x }] } }`,
    [
      `RouteError RateLimitPolicyNotValid: route.rateLimitPolicy is invalid: invalid header name "a b": ${HEADER_WORDS}`,
    ],
  ],
  [
    "slow start with hashing",
    `    - services: [{ name: web, port: 80, slowStartPolicy: { window: 3s } }]\n      loadBalancerPolicy: { strategy: RequestHash, requestHashPolicies: [{ hashSourceIP: true }] }`,
    [
      "ServiceError SlowStartInvalid: slow start is only supported with RoundRobin or WeightedLeastRequest load balancer strategy",
    ],
  ],
  [
    "slow start with hashing of nothing",
    "    - services: [{ name: web, port: 80, slowStartPolicy: { window: 3s } }]\n      loadBalancerPolicy: { strategy: RequestHash, requestHashPolicies: [{}] }",
    [],
  ],
  [
    "a port of UDP",
    "    - services: [{ name: web, port: 53 }]",
    [
      'ServiceError ServiceUnresolvedReference: Spec.Routes unresolved service reference: unsupported service protocol "UDP"',
    ],
  ],
  [
    "a port for health checks that is not there",
    "    - services: [{ name: web, port: 80, healthPort: 81 }]\n      healthCheckPolicy: { path: / }",
    [
      'ServiceError ServiceUnresolvedReference: Spec.Routes unresolved service reference: port "81" on service "default/web" not matched',
    ],
  ],
  ["one without health checks", "    - services: [{ name: web, port: 80, healthPort: 81 }]", []],
])("routes with %s", (_, routes, words) => {
  expect(contourOf(rootWith("", routes) + SERVICES).errors()).toEqual(words);
});

const CIDR = "IPFilterError InvalidCIDR: bad failed to parse: invalid CIDR address: bad/32";

test.each([
  [
    "    ipAllowPolicy: [{ source: Peer, cidr: bad }, { source: Peer, cidr: 10.0.0.0/8 }]",
    // The host is judged for each port.
    [CIDR, CIDR],
  ],
  [
    "    ipAllowPolicy: [{ source: Peer, cidr: bad }]",
    [
      CIDR,
      "IPFilterError IPFilterPolicyNotValid: Spec.VirtualHost.IPAllowFilterPolicy or Spec.VirtualHost.IPDenyFilterPolicy is invalid: invalid CIDR address: bad/32",
    ],
  ],
])("a host with %s", (host, words) => {
  expect(contourOf(rootWith(host, ROUTE) + SERVICES).errors()).toEqual(words);
});

const UNKNOWN = 'Spec.VirtualHost.TLS Secret "';

test.each([
  [
    "passthrough: true, enableFallbackCertificate: true",
    [
      "TLSError TLSIncompatibleFeatures: Spec.VirtualHost.TLS: both Passthrough and enableFallbackCertificate were specified",
    ],
  ],
  [
    "secretName: half",
    [
      `TLSError SecretNotValid: ${UNKNOWN}half" is invalid: invalid TLS certificate: failed to locate certificate`,
    ],
  ],
  ["secretName: none", [`TLSError SecretNotValid: ${UNKNOWN}none" is invalid: missing TLS certificate`]],
  [
    "secretName: malformed",
    [
      `TLSError SecretNotValid: ${UNKNOWN}malformed" is invalid: invalid TLS certificate: x509: malformed certificate`,
    ],
  ],
  [
    "secretName: basic",
    [
      `TLSError SecretNotValid: ${UNKNOWN}basic" is invalid: secret type is not "kubernetes.io/tls" or "Opaque"`,
    ],
  ],
])("tls with %s", (tls, words) => {
  const root = rootWith("", ROUTE).replace(/tls: \{.*\}/, `tls: { ${tls} }`);
  expect(contourOf(root + SERVICES).errors()).toEqual(words);
});

const child = (name: string, spec: string) => `apiVersion: projectcontour.io/v1
kind: HTTPProxy
metadata: { name: ${name} }
spec: ${spec}
---
`;

const INCLUDE = "TCPProxyIncludeError";

test.each([
  [
    "services: [{ name: web, port: 80 }], include: { name: kid }",
    "{ routes: [] }",
    ["TCPProxyError NoServicesAndInclude: cannot specify services and include in the same httpproxy"],
  ],
  [
    "include: { name: gone }",
    "{ routes: [] }",
    [`${INCLUDE} IncludeNotFound: include default/gone not found`],
  ],
  ["include: { name: kid }", "{ routes: [] }", []],
  [
    "services: [{ name: web, port: 80, protocol: tls, validation: { caSecret: gone, subjectName: a } }]",
    "{ routes: [] }",
    [
      'ServiceError TLSUpstreamValidation: Service [web:80] TLS upstream validation policy error: invalid CA Secret "default/gone": Secret not found',
    ],
  ],
  [
    "services: [{ name: web, port: 80, healthPort: 81 }], healthCheckPolicy: { intervalSeconds: 5 }",
    "{ routes: [] }",
    [
      'TCPProxyError ServiceUnresolvedReference: Spec.TCPProxy unresolved service reference: port "81" on service "default/web" not matched',
    ],
  ],
  ["includes: { name: kid }", "{ tcpproxy: { services: [{ name: web, port: 80 }] } }", []],
  [
    "include: { name: kid }",
    "{ virtualhost: { fqdn: kid.test }, tcpproxy: {} }",
    [`${INCLUDE} RootIncludesRoot: root httpproxy cannot include another root httpproxy (default/kid)`],
  ],
  [
    "include: { name: app }",
    "{ routes: [] }",
    [`${INCLUDE} RootIncludesRoot: root httpproxy cannot include another root httpproxy (default/app)`],
  ],
])("tcpproxy with %s, of %s", (tcp, kid, words) => {
  const root = rootWith("", ROUTE).replace(/ {2}routes:[\s\S]*?---/, `  tcpproxy: { ${tcp} }\n---`);
  expect(contourOf(root + child("kid", kid) + SERVICES).errors()).toEqual(words);
});

test("a key that does not parse makes its Secret unusable", () => {
  const world = contourOf(rootWith("", ROUTE) + SERVICES);
  expect(world.errors()).toEqual([]);
  const { cert } = selfSigned("app.test");
  const [crt, key] = [cert, "-----BEGIN PRIVATE KEY-----\naaaa\n-----END PRIVATE KEY-----\n"].map((each) =>
    Buffer.from(each).toString("base64"),
  );
  const secret = `apiVersion: v1\nkind: Secret\nmetadata: { name: keyless }\ntype: Opaque\ndata: { tls.crt: ${crt}, tls.key: ${key} }\n---\n`;
  const root = rootWith("", ROUTE).replace("app-tls", "keyless");
  expect(contourOf(root + secret + SERVICES).errors()).toEqual([
    expect.stringMatching(
      /^TLSError SecretNotValid: .*"keyless" is invalid: invalid TLS private key: asn1: /,
    ),
  ]);
});

test("an https host asks clients for certificates though its authorization is at fault", () => {
  const validated = rootWith(
    "    authorization: { extensionRef: { name: gone } }",
    ROUTE,
    ", clientValidation: { caSecret: ca }",
  );
  const { table } = contourOf(SERVICES + BESIDE + validated);
  const [, https] = table.entryPoints;
  const host = https?.selection.kind === "hosts" ? https.selection.hosts.exact.get("app.test") : undefined;
  expect(host?.tls?.terms?.clients?.required).toBe(true);
});

test("an https host has the certificate of an HTTPProxy that serves nothing, for routes of Ingresses", () => {
  const root = rootWith("    corsPolicy: { allowOrigin: ['['], allowMethods: [GET] }", ROUTE);
  const { table } = contourOf(SERVICES + BESIDE + root);
  expect(table.tlsHosts).toMatchObject([{ host: "app.test", ingress: { kind: "HTTPProxy" } }]);
});
