import { describe, expect, it, test } from "vitest";
import { contourOf, rootWith } from "./contour-world.ts";

const WEB = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
---
`;
const ROUTE = "    - services: [{ name: web, port: 80 }]";

const ingress = (tls = "") => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: beside }
spec:
  ${tls}
  rules:
    - host: app.test
      http: { paths: [{ path: /ing, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
---
`;

const FILTER = "    ipDenyPolicy: [{ source: Peer, cidr: 10.0.0.0/8 }]";
const LIMIT = (requests: number) => `rateLimitPolicy: { local: { requests: ${requests}, unit: hour } }`;

describe("what an HTTPProxy says of its virtual host holds for an Ingress there", () => {
  const plain = (host: string) => WEB + rootWith(host, ROUTE).replace(/ {4}tls: .*\n/, "");
  const TLS = "tls: [{ hosts: [app.test], secretName: app-tls }]";
  it.each([
    ["addresses", plain(FILTER) + ingress(), "http", ["addresses"]],
    ["a limit", plain(`    ${LIMIT(1)}`) + ingress(), "http", ["limits"]],
    ["on https", WEB + rootWith(FILTER, ROUTE) + ingress(), "http", ["addresses"]],
    ["on https", WEB + rootWith(FILTER, ROUTE) + ingress(TLS), "https", ["addresses"]],
    ["but not on https without TLS of its own", plain(FILTER) + ingress(TLS), "https", undefined],
  ] as const)("%s: %#", (_, text, scheme, kinds) => {
    expect(
      contourOf(text)
        .ask("/ing", scheme)
        .guards?.map(({ kind }) => kind),
    ).toEqual(kinds);
  });

  it("serves its routes by https too where TLS is passed on and an Ingress ends it", () => {
    const passed = rootWith(FILTER, ROUTE).replace(/tls: \{.*\}/, "tls: { passthrough: true }");
    const decision = contourOf(WEB + passed + ingress(TLS)).ask("/");
    expect(decision.kind).toBe("forward");
    expect(contourOf(WEB + passed + ingress()).table.tlsHosts).toEqual([]);
  });

  it("answers preflights for it", () => {
    const cors = '    corsPolicy: { allowOrigin: ["*"], allowMethods: [GET] }';
    const asked = contourOf(plain(cors) + ingress()).ask("/ing", "http", { Origin: "https://a.test" });
    expect(asked.responseHeaders).toContainEqual(["access-control-allow-origin", "https://a.test"]);
  });

  it("but on redirects to https", () => {
    const cors = '    corsPolicy: { allowOrigin: ["*"], allowMethods: [GET] }';
    const annotations = 'annotations: { ingress.kubernetes.io/force-ssl-redirect: "true" }';
    const forced = ingress(TLS).replace("name: beside", `name: beside, ${annotations}`);
    const world = contourOf(WEB + rootWith(cors, ROUTE) + forced);
    const allowed = (scheme: "http" | "https") =>
      world.ask("/ing", scheme, { Origin: "https://a.test" }).responseHeaders ?? [];
    expect(allowed("http")).toEqual([]);
    expect(allowed("https")).toEqual([["access-control-allow-origin", "https://a.test"]]);
  });
});

test.each([
  ["http", "/", [1]],
  ["https", "/", [2]],
  ["http", "/open", [2]],
] as const)("by %s at %s the bucket has the requests of the host, or of the route", (scheme, target, bursts) => {
  const routes = `${ROUTE}\n      ${LIMIT(2)}\n${ROUTE}\n      conditions: [{ prefix: /open }]\n      permitInsecure: true\n      ${LIMIT(2)}`;
  const { guards = [] } = contourOf(WEB + rootWith(`    ${LIMIT(1)}`, routes)).ask(target, scheme);
  expect(guards.map((guard) => (guard.kind === "limits" ? (guard.rates[0]?.burst ?? 0) + 1 : 0))).toEqual(
    bursts,
  );
});

test("each place that a route with a limit comes to, and each port, has a bucket of its own", () => {
  const route = `${ROUTE}\n      conditions: [{ prefix: /a }]\n      permitInsecure: true\n      pathRewritePolicy: { replacePrefix: [{ replacement: /b }] }\n      ${LIMIT(1)}`;
  const world = contourOf(WEB + rootWith("", route));
  const zones = (["http", "https"] as const).flatMap((scheme) =>
    ["/a", "/ax", "/a/x"].map((target) => {
      const [guard] = world.ask(target, scheme).guards ?? [];
      return guard?.kind === "limits" ? guard.rates[0]?.zone : undefined;
    }),
  );
  expect(zones).not.toContain(undefined);
  expect(new Set(zones).size).toBe(4);
});

const DOT = `apiVersion: v1
kind: ConfigMap
metadata: { name: contour, namespace: projectcontour }
data: { contour.yaml: "network: { strip-trailing-host-dot: true }" }
---
`;

test.each([
  ["app.test.", "https://app.test/x"],
  ["app.test.:8080", "https://app.test:8080/x"],
  ["APP.test", "https://APP.test/x"],
])("strip-trailing-host-dot: a client that asks for %s is sent to %s", (host, location) => {
  const decision = contourOf(DOT + WEB + rootWith("", ROUTE)).ask("/x", "http", {}, host);
  expect(decision).toMatchObject({ kind: "redirect", location });
});

test.each([
  // Measured on Envoy 1.40.
  ["/", "http", 301],
  ["/r", "http", 301],
  ["/r", "https", 302],
  ["/d", "https", 418],
  ["/gone", "https", 503],
  ["/", "https", 200],
] as const)("corsPolicy answers preflights for Services alone: %s by %s", (path, scheme, status) => {
  const routes = `    - { conditions: [{ prefix: /r }], requestRedirectPolicy: { hostname: x.test } }
    - { conditions: [{ prefix: /d }], directResponsePolicy: { statusCode: 418 } }
    - { conditions: [{ prefix: /gone }], services: [{ name: gone, port: 80 }] }
    - { services: [{ name: web, port: 80 }] }`;
  const cors = '    corsPolicy: { allowOrigin: ["*"], allowMethods: [GET] }';
  const asked = { Origin: "https://o.test", "Access-Control-Request-Method": "GET" };
  const { ask } = contourOf(WEB + rootWith(cors, routes));
  expect(ask(path, scheme, asked, "app.test", "OPTIONS")).toMatchObject({ status });
});
