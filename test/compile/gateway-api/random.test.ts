import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { match } from "../../../src/match/match.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

/** A repeatable source of chance (mulberry32). */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const HOSTS = ["app.test", "*.app.test", "x.app.test", "*.test"];
const PATHS = ["/", "/a", "/a/", "/a/b", "/a%2Fb", "(", "/[a-z]+"];
const NAMES = ["a", "b", "gone", "__proto__", "constructor"];
const FILTERS = [
  {
    type: "RequestHeaderModifier",
    requestHeaderModifier: { set: [{ name: "X-A", value: "%REQ(x)%" }], remove: ["__proto__"] },
  },
  { type: "ResponseHeaderModifier", responseHeaderModifier: { add: [{ name: "X-B", value: "b" }] } },
  {
    type: "RequestRedirect",
    requestRedirect: { scheme: "https", path: { type: "ReplacePrefixMatch", replacePrefixMatch: "" } },
  },
  {
    type: "URLRewrite",
    urlRewrite: { hostname: "new.test", path: { type: "ReplaceFullPath", replaceFullPath: "/n" } },
  },
  { type: "RequestMirror", requestMirror: { backendRef: { name: "b", port: 80 }, percent: 50 } },
  {
    type: "CORS",
    cors: { allowOrigins: ["*", "https://*.foo.com"], allowCredentials: true, allowMethods: ["*"] },
  },
  {
    type: "ExtensionRef",
    extensionRef: { group: "gateway.envoyproxy.io", kind: "HTTPRouteFilter", name: "f" },
  },
  { type: "Unknown" },
];

function randomSet(seed: number): readonly object[] {
  const next = chance(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const some = <T>(list: readonly T[]): readonly T[] => list.filter(() => next() < 0.4);
  const many = <T>(most: number, make: (at: number) => T): readonly T[] =>
    Array.from({ length: Math.floor(next() * (most + 1)) }, (_, at) => make(at));
  const listeners = many(4, (at) => ({
    name: `l${at}`,
    port: one([80, 443, 8080]),
    protocol: one(["HTTP", "HTTPS", "TLS", "TCP", "NONE"]),
    hostname: next() < 0.5 ? one(HOSTS) : undefined,
    tls:
      next() < 0.5
        ? { mode: one(["Terminate", "Passthrough"]), certificateRefs: [{ name: one(NAMES) }] }
        : undefined,
    allowedRoutes: next() < 0.3 ? { kinds: [{ kind: one(["HTTPRoute", "TCPRoute", "Foo"]) }] } : undefined,
  }));
  const backend = () => ({
    name: one(NAMES),
    port: one([80, 81]),
    weight: one([undefined, 0, 3]),
    kind: one([undefined, "Service", "Foo"]),
  });
  const rule = () => ({
    matches: many(3, () => ({
      path: { type: one(["Exact", "PathPrefix", "RegularExpression"]), value: one(PATHS) },
      method: one([undefined, "GET", "POST"]),
      headers: many(2, () => ({
        name: one(NAMES),
        type: one([undefined, "RegularExpression"]),
        value: one(PATHS),
      })),
      queryParams: many(1, () => ({ name: one(NAMES), value: one(PATHS) })),
    })),
    filters: some(FILTERS),
    backendRefs: many(3, backend),
    timeouts: next() < 0.3 ? { request: one(["0s", "1h", "x"]) } : undefined,
    retry: next() < 0.3 ? { attempts: 2, codes: [500, 599] } : undefined,
  });
  const object = (kind: string, name: string, spec: object) => ({
    apiVersion:
      kind.endsWith("TrafficPolicy") || kind === "SecurityPolicy"
        ? "gateway.envoyproxy.io/v1alpha1"
        : "gateway.networking.k8s.io/v1",
    kind,
    metadata: { name },
    spec,
  });
  const target = () => [
    { group: "gateway.networking.k8s.io", kind: one(["HTTPRoute", "Gateway"]), name: one(["r0", "gw"]) },
  ];
  return [
    object("Gateway", "gw", { gatewayClassName: "eg", listeners }),
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "a" },
      spec: { selector: { app: "a" }, ports: [{ port: 80 }] },
    },
    ...many(4, (at) =>
      object(one(["HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute"]), `r${at}`, {
        parentRefs: [{ name: "gw", sectionName: one([undefined, "l0"]) }],
        hostnames: some(HOSTS),
        rules: many(3, rule),
      }),
    ),
    ...many(2, (at) =>
      object("SecurityPolicy", `s${at}`, {
        targetRefs: target(),
        basicAuth: { users: { name: one(NAMES) } },
      }),
    ),
    ...many(2, (at) =>
      object("BackendTrafficPolicy", `b${at}`, {
        targetRefs: target(),
        faultInjection: { abort: { httpStatus: 418 } },
      }),
    ),
    ...many(1, (at) =>
      object("ClientTrafficPolicy", `c${at}`, { targetRefs: target(), path: { disableMergeSlashes: true } }),
    ),
  ];
}

test.each(
  Array.from({ length: 60 }, (_, seed) => seed + 1),
)("random objects of seed %i are compiled and asked", (seed) => {
  const text = randomSet(seed)
    .map((object) => JSON.stringify(object))
    .join("\n---\n");
  const { snapshot } = snapshotOf(parseManifest(text, "random.yaml").resources);
  for (const completeness of ["whole", "partial"] as const) {
    const { table, statuses } = compile(snapshot, {
      controller: "gateway-api",
      classless: "ignored",
      completeness,
    });
    expect(statuses.some(({ object }) => object.kind === "Gateway")).toBe(
      snapshot.custom.some(({ kind }) => kind === "Gateway"),
    );
    for (const point of table.entryPoints)
      for (const host of ["app.test", "x.app.test", "other.test", ""])
        for (const path of ["/", "/a", "/a/b?x=1", "/a%2Fb", "//", "/__proto__"]) {
          const sample = {
            scheme: point.scheme,
            method: "GET",
            target: path,
            headers: [["Host", host] as const],
          };
          const facts = requestFacts(sample, table.plane, {
            ports: { http: 80, https: 443 },
            exact: true,
            remoteAddress: "192.0.2.1",
            chance: 0.5,
            noEndpoints: () => undefined,
          });
          const { kind } = match(table, { ...facts, entryPoint: point.name });
          expect(["forward", "redirect", "respond"]).toContain(kind);
        }
  }
});
