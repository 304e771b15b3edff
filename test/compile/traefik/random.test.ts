import { expect, test } from "vitest";
import { requestFacts } from "../../../src/cli/predict/request-facts.ts";
import { workOut } from "../../../src/cli/predict/work-out.ts";
import { compile } from "../../../src/compile/compile.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import { clientCounts } from "../../support/client-counts.ts";
import { numbers } from "../../support/numbers.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

const SETS = 60;
const HOSTS = ["a.test", "x.a.test", "*.a.test", "b.test", "é.test", undefined];
const PATHS = ["/", "/a", "/a/", "/a/b", "/[", "/(a|b)", "/%41", "/é", ""];
const TYPES = ["Prefix", "Exact", "ImplementationSpecific"];
const SERVICES = ["s", "t", "gone"];
const NAMES = ["web", "api", "a-b", "a"];
const ROUTER = [
  ...["entrypoints", "middlewares", "priority", "pathmatcher", "tls", "tls.options", "rulesyntax"],
  ...["tls.domains.0.main", "nonsense", "Observability.AccessLogs"],
];
const SERVICE = [
  ...["serversscheme", "serverstransport", "passhostheader", "middlewares", "nativelb", "nodeportlb"],
  ...["sticky", "sticky.cookie", "sticky.cookie.name", "sticky.cookie.maxage", "sticky.cookie.samesite"],
  "nonsense",
];
const VALUES = [
  ...["true", "false", "", "0", "-1", "7.5", "99999999999999999999", "web,websecure", "metrics", "h2c"],
  ...[
    "PathRegexp",
    "Path",
    "v2",
    "default-a@kubernetescrd",
    "default-web@kubernetescrd,default-a@kubernetescrd",
  ],
  ...["__proto__", "é", "a b;c", "none", "https", "default-gone@kubernetescrd"],
];
const RULES = [
  ...["Host(`a.test`)", "PathPrefix(`/a`)", "Host(`a.test`) && PathPrefix(`/a`)", "HostRegexp(`.+`)"],
  ...[
    "PathRegexp(`^/(a|b)`)",
    "PathRegexp(`(`)",
    "Header(`X-A`, `1`)",
    "Query(`q`)",
    "ClientIP(`127.0.0.1/8`)",
  ],
  ...["!Method(`GET`) || Path(`/`)", "(Host(`a.test`)", "Host(`a.test`, `b.test`)", "Nothing(`x`)", "", "&&"],
];
const TEXTS = [
  "/",
  "/a",
  "",
  "$1",
  "${",
  "https://x.test/$1",
  "%zz",
  "é",
  "(",
  "10s",
  "500-599",
  "users",
  "s",
];
const KINDS = [
  ...[
    "addPrefix",
    "basicAuth",
    "buffering",
    "chain",
    "circuitBreaker",
    "compress",
    "contentType",
    "digestAuth",
  ],
  ...["encodedCharacters", "errors", "forwardAuth", "headers", "inFlightReq", "ipAllowList", "rateLimit"],
  ...["redirectRegex", "redirectScheme", "replacePath", "replacePathRegex", "retry", "stripPrefix"],
  ...["stripPrefixRegex", "passTLSClientCert", "grpcWeb", "ipWhiteList", "nonsense"],
];
const FIELDS = [
  ...["prefix", "prefixes", "regex", "replacement", "permanent", "scheme", "port", "path", "secret", "realm"],
  ...["address", "trustForwardHeader", "authResponseHeaders", "status", "service", "query", "sourceRange"],
  ...[
    "average",
    "burst",
    "period",
    "amount",
    "attempts",
    "middlewares",
    "customRequestHeaders",
    "allowedHosts",
  ],
  ...["accessControlAllowOriginList", "accessControlAllowCredentials", "stsSeconds", "maxRequestBodyBytes"],
];
const TARGETS = ["/", "/a", "/a/b?c=d", "/%2e%2e/a", "//a//b", "/a%2Fb", "*", "/%zz", "/é", "/a#b", "/a?q"];

test.each(Array.from({ length: SETS }, (_, seed) => seed))("set %i is answered", async (seed) => {
  const next = numbers(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)] as T;
  const several = <T>(most: number, make: (at: number) => T) =>
    Array.from({ length: Math.ceil(next() * most) }, (_, at) => make(at));
  const annotations = (part: string, names: readonly string[]) =>
    Object.fromEntries(
      several(3, () => [`traefik.ingress.kubernetes.io/${part}.${one(names)}`, one(VALUES)]),
    );
  const value = (deep = 0): unknown => {
    const made = [one(TEXTS), next() < 0.5, Math.floor(next() * 600) - 1];
    if (deep > 1) return one(made);
    const fields = () => Object.fromEntries(several(3, () => [one(FIELDS), value(deep + 1)]));
    return one<unknown>([...made, several(2, () => one(TEXTS)), fields(), { name: "s", port: 80 }]);
  };
  const service = (name: string, extra = {}) => ({
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name, annotations: next() < 0.5 ? annotations("service", SERVICE) : {} },
    spec: { ports: [{ port: 80 }, { name: "https", port: 443 }], ...extra },
  });
  const ingresses = several(4, (at) => ({
    ...{ apiVersion: "networking.k8s.io/v1", kind: "Ingress" },
    metadata: {
      name: `${one(NAMES)}${at}`,
      annotations: next() < 0.6 ? annotations("router", ROUTER) : {},
    },
    spec: {
      ingressClassName: "traefik",
      tls: [{ hosts: ["a.test"], secretName: one(NAMES) }],
      rules: several(3, () => ({
        host: one(HOSTS),
        http: {
          paths: several(2, () => ({
            ...{ path: one(PATHS), pathType: one(TYPES) },
            backend: { service: { name: one(SERVICES), port: { number: one([80, 443, 81]) } } },
          })),
        },
      })),
    },
  }));
  const custom = (kind: string, name: string, spec: unknown) => ({
    ...{ apiVersion: "traefik.io/v1alpha1", kind, metadata: { name }, spec },
  });
  const reference = () => ({
    ...{ name: one([...SERVICES, ...NAMES]), port: one<unknown>([80, "https", 81]) },
    ...(next() < 0.3 ? { kind: "TraefikService" } : {}),
    ...(next() < 0.3 ? { weight: Math.floor(next() * 3), sticky: { cookie: { name: one(TEXTS) } } } : {}),
  });
  const objects = [
    ...[service("s"), service("t", { type: "ExternalName", externalName: "localhost" }), ...ingresses],
    ...several(4, (at) =>
      custom("IngressRoute", `r${at}`, {
        routes: several(3, () => ({
          ...{ kind: "Rule", match: one(RULES), services: several(2, reference) },
          ...(next() < 0.5 ? { middlewares: [{ name: one(NAMES) }] } : {}),
          ...(next() < 0.2 ? { priority: Math.floor(next() * 9) - 2 } : {}),
        })),
        ...(next() < 0.3 ? { tls: { secretName: one(NAMES), options: { name: one(NAMES) } } } : {}),
      }),
    ),
    ...NAMES.map((name) => custom("Middleware", name, { [one(KINDS)]: value() })),
    ...NAMES.map((name) =>
      custom("TraefikService", name, {
        [one(["weighted", "mirroring", "failover", "highestRandomWeight"])]: {
          ...reference(),
          ...{ services: several(2, reference), service: reference(), fallback: reference() },
        },
      }),
    ),
    custom("TLSStore", "default", { defaultCertificate: value(), certificates: value() }),
  ];
  const text = objects.map((object) => JSON.stringify(object)).join("\n---\n");
  const { snapshot } = snapshotOf(parseManifest(text, "a.yaml").resources);
  const options = { controller: "traefik", classless: "served", completeness: "whole" } as const;
  const { table, problems } = compile(snapshot, options);
  for (const { message, fix } of problems) expect(`${message}${fix}`).not.toContain("undefined");
  const resolve = () => ({ kind: "none", why: "nobody is there" }) as const;
  for (const target of TARGETS) {
    const sample = {
      ...{ scheme: one(["http", "https"] as const), method: one(["GET", "OPTIONS", "POST"]) },
      ...{ target: Buffer.from(target).toString("latin1") },
      headers: [["Host", one(["a.test", "x.a.test", "b.test:80", "", "A.TEST."])]],
    } as const;
    const facts = requestFacts(sample, table.plane, {
      ...{ ports: { http: 80, https: 443 }, exact: true, remoteAddress: "127.0.0.1", chance: 0.5 },
      noEndpoints: () => (next() < 0.5 ? "nobody is there" : undefined),
    });
    const { decision } = await workOut(table, { resolve }, facts, clientCounts());
    expect(decision.kind === "forward" ? 200 : decision.status).toBeGreaterThanOrEqual(200);
  }
});
