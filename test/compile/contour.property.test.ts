import fc from "fast-check";
import { expect, test } from "vitest";
import { requestFacts } from "../../src/cli/predict/request-facts.ts";
import { compile } from "../../src/compile/compile.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import { type Known, outcome } from "../../src/match/outcome.ts";
import type { Json } from "../../src/model/json.ts";
import { parseManifest } from "../support/parse-manifest.ts";

const one = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const text = one(
  "",
  "/",
  "/a",
  "/a/",
  "//",
  "/a?b",
  "a",
  "/(",
  "/[",
  "/v[0-9]+",
  "/%41",
  "*",
  "__proto__",
  "é",
  "x",
);
const name = one("a", "b", "gone", "ext", "__proto__");
const duration = one("5s", "-1s", "infinity", "0s", "peanut", "1h2m", "");
const anything: fc.Arbitrary<Json> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -2, max: 70_000 }),
  text,
  fc.constant([]),
  fc.constant({}),
);
const or = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | Json> =>
  fc.oneof({ weight: 9, arbitrary }, { weight: 1, arbitrary: anything });

const headers = or(
  fc.record({
    set: or(
      fc.array(
        fc.record({ name: one("Host", "X-A", "x-a", "bad name"), value: one("%REQ(X)%", "50%", "%%", "") }),
      ),
    ),
    remove: or(fc.array(one("Host", "X-A", ""))),
  }),
);
const condition = or(
  fc.record(
    {
      prefix: maybe(or(text)),
      exact: maybe(or(text)),
      regex: maybe(or(text)),
      header: maybe(
        or(
          fc.record({
            name: one("x-a", "Host", ":method"),
            present: maybe(or(fc.boolean())),
            regex: maybe(text),
            notexact: maybe(text),
          }),
        ),
      ),
      queryParameter: maybe(or(fc.record({ name: one("q", ""), exact: maybe(text), regex: maybe(text) }))),
    },
    { requiredKeys: [] },
  ),
);
const service = or(
  fc.record({
    name,
    port: or(one(80, 81)),
    weight: maybe(or(fc.nat(9))),
    mirror: maybe(fc.boolean()),
    protocol: maybe(one("tls", "h2c", "x")),
    requestHeadersPolicy: maybe(headers),
  }),
);
const route = or(
  fc.record(
    {
      conditions: or(fc.array(condition, { maxLength: 3 })),
      services: maybe(or(fc.array(service, { maxLength: 3 }))),
      requestRedirectPolicy: maybe(
        or(
          fc.record({
            hostname: maybe(text),
            path: maybe(text),
            prefix: maybe(text),
            port: maybe(fc.nat(70_000)),
          }),
        ),
      ),
      directResponsePolicy: maybe(or(fc.record({ statusCode: or(one(200, 301, 404)), body: maybe(text) }))),
      pathRewritePolicy: maybe(
        or(
          fc.record({
            replacePrefix: or(
              fc.array(fc.record({ prefix: maybe(text), replacement: text }), { maxLength: 2 }),
            ),
          }),
        ),
      ),
      timeoutPolicy: maybe(or(fc.record({ response: duration }))),
      retryPolicy: maybe(or(fc.record({ count: or(fc.integer()), perTryTimeout: duration }))),
      rateLimitPolicy: maybe(
        or(fc.record({ local: or(fc.record({ requests: or(fc.nat(3)), unit: one("second", "day") })) })),
      ),
      ipAllowPolicy: maybe(
        or(
          fc.array(
            fc.record({
              source: one("Peer", "Remote"),
              cidr: one("127.0.0.1", "::/0", "peanut", "1.2.3.4/99"),
            }),
          ),
        ),
      ),
      responseHeadersPolicy: maybe(headers),
      healthCheckPolicy: maybe(or(fc.record({ path: text, intervalSeconds: maybe(or(fc.nat(9))) }))),
      internalRedirectPolicy: maybe(
        or(
          fc.record({
            maxInternalRedirects: or(fc.nat(2)),
            redirectResponseCodes: or(fc.array(one(301, 302))),
          }),
        ),
      ),
      enableWebsockets: maybe(or(fc.boolean())),
    },
    { requiredKeys: [] },
  ),
);
const include = or(
  fc.record({
    name: one("p0", "p1", "p2", "gone"),
    conditions: maybe(or(fc.array(condition, { maxLength: 2 }))),
  }),
);
const virtualhost = or(
  fc.record({
    fqdn: one("app.test", "*.app.test", "b.test"),
    tls: maybe(
      or(
        fc.record({
          secretName: maybe(one("s", "other/s")),
          passthrough: maybe(fc.boolean()),
          enableFallbackCertificate: maybe(fc.boolean()),
        }),
      ),
    ),
    corsPolicy: maybe(
      or(
        fc.record({
          allowOrigin: or(fc.array(one("*", "https://a", "[", "*.a"))),
          allowMethods: or(fc.array(text)),
          maxAge: duration,
        }),
      ),
    ),
  }),
);
const proxySpec = or(
  fc.record(
    {
      virtualhost: maybe(virtualhost),
      routes: maybe(or(fc.array(route, { maxLength: 3 }))),
      includes: maybe(or(fc.array(include, { maxLength: 2 }))),
      tcpproxy: maybe(or(fc.record({ services: maybe(or(fc.array(service))), include: maybe(include) }))),
    },
    { requiredKeys: [] },
  ),
);
const annotations = fc.dictionary(
  one(
    ...[
      "response-timeout",
      "request-timeout",
      "retry-on",
      "num-retries",
      "per-try-timeout",
      "websocket-routes",
    ].map((each) => `projectcontour.io/${each}`),
    ...[
      "projectcontour.io/tls-cert-namespace",
      "projectcontour.io/tls-minimum-protocol-version",
      "kubernetes.io/ingress.allow-http",
    ],
    ...["ingress.kubernetes.io/force-ssl-redirect", "projectcontour.io/ingress.class", "__proto__"],
  ),
  one("true", "false", "", "5s", "-1s", "1.3", "contour", "/a, /b", "5xx"),
);
const ingress = fc.record({
  host: one("app.test", "*.app.test", ""),
  path: one("/", "/a", "/a/", "/[", "/v[0-9]+", "/a?b", "//", "/é"),
  pathType: one("Exact", "Prefix", "ImplementationSpecific"),
  annotations,
});

function manifests(
  ingresses: readonly { host: string; path: string; pathType: string; annotations: object }[],
  specs: readonly unknown[],
) {
  const service = (each: string, spec: object) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: each },
    spec,
  });
  const objects = [
    service("a", { ports: [{ port: 80 }] }),
    service("b", { ports: [{ name: "web", port: 81, appProtocol: "https" }] }),
    service("ext", { type: "ExternalName", externalName: "localhost" }),
    ...ingresses.map(({ host, path, pathType, annotations }, at) => ({
      ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress", metadata: { name: `i${at}`, annotations } },
      spec: {
        tls: [{ hosts: host === "" ? [] : [host], secretName: "s" }],
        rules: [
          {
            ...(host === "" ? {} : { host }),
            http: {
              paths: [
                {
                  path,
                  pathType,
                  backend: { service: { name: at % 2 === 0 ? "a" : "gone", port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    })),
    ...specs.map((spec, at) => ({
      apiVersion: "projectcontour.io/v1",
      kind: "HTTPProxy",
      metadata: { name: `p${at}` },
      spec,
    })),
  ];
  return objects.map((object) => JSON.stringify(object)).join("\n---\n");
}

const KNOWN: Known = {
  endpoint: () => ({ kind: "none", why: "" }),
  password: () => "later",
  digest: { response: () => "", issue: () => "", use: () => "stale" },
};

test("whatever Ingresses and HTTPProxies say, every request has an outcome, and every proxy a status", () => {
  fc.assert(
    fc.property(
      fc.array(ingress, { maxLength: 4 }),
      fc.array(proxySpec, { maxLength: 4 }),
      (ingresses, specs) => {
        const { snapshot } = snapshotOf(parseManifest(manifests(ingresses, specs), "a.yaml").resources);
        const compiled = compile(snapshot, { controller: "contour", classless: "served" });
        const { table } = compiled;
        const proxies = snapshot.custom.filter(({ kind }) => kind === "HTTPProxy");
        expect(compiled.statuses).toHaveLength(proxies.length);
        for (const host of ["app.test", "x.app.test", "b.test", "none"])
          for (const target of ["/", "/a", "/a/b?q=1", "//", "/v1", "/%41", "/a#"])
            for (const scheme of ["http", "https"] as const) {
              const headers = [
                ["Host", host],
                ["X-A", "1"],
                ["Upgrade", "websocket"],
                ["Connection", "upgrade"],
              ] as const;
              const facts = requestFacts(
                { scheme, method: "GET", target, headers: target === "/" ? headers.slice(0, 1) : headers },
                table.plane,
                {
                  ...{
                    ports: { http: 80, https: 443 },
                    exact: true,
                    remoteAddress: "127.0.0.1",
                    chance: 0.5,
                  },
                  ...{
                    noEndpoints: () => undefined,
                    tls: { servername: host, verify: "NONE", unknownIssuer: false },
                  },
                },
              );
              const { decision } = outcome(table, facts, KNOWN);
              expect(["redirect", "respond"]).toContain(decision.kind);
            }
      },
    ),
    { numRuns: 60 },
  );
});
