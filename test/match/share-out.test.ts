import { describe, expect, test } from "vitest";
import { explain } from "../../src/match/explain.ts";
import { match } from "../../src/match/match.ts";
import type { RequestFacts } from "../../src/model/decision.ts";
import { reason } from "../../src/model/reason.ts";
import { addressBytes } from "../../src/request/address/address-bytes.ts";
import { compileCase } from "../support/compiled-case.ts";

const OPTIONS = { controller: "ingress-nginx", ingressClasses: ["nginx"], exact: false, echo: true } as const;

/** An Ingress of a.test with these annotations. */
function ingress(name: string, annotations: Readonly<Record<string, string>>, service = name): string {
  const written = Object.entries(annotations).map(
    ([key, value]) => `    nginx.ingress.kubernetes.io/${key}: ${JSON.stringify(value)}\n`,
  );
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
    example.com/none: ""
${written.join("")}spec:
  ingressClassName: nginx
  rules:
    - host: a.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: ${service}, port: { number: 80 } } } }] }
`;
}

function tableOf(...ingresses: readonly string[]) {
  return compileCase([{ file: "a.yaml", text: ingresses.join("---\n") }], OPTIONS).table;
}

function asking(more: Partial<RequestFacts> = {}): RequestFacts {
  return {
    scheme: "http",
    method: "GET",
    host: "A.Test:31000",
    target: "/a%20b?id=7",
    ports: { http: 31000, https: 32000 },
    exact: false,
    header: () => undefined,
    remoteAddress: "127.0.0.1",
    chance: 0.5,
    noEndpoints: () => undefined,
    ...more,
  };
}

function backendOf(table: ReturnType<typeof tableOf>, request: RequestFacts): string {
  const decision = match(table, request);
  return decision.kind === "forward" ? decision.backend.service : decision.kind;
}

describe("canary-weight: random(total) <= weight", () => {
  test.each([
    // weight, total, draw, who
    ["20", undefined, 0, "canary"],
    ["20", undefined, 0.1999, "canary"],
    ["20", undefined, 0.2, "web"],
    ["20", undefined, 0.9999, "web"],
    ["0", undefined, 0, "web"],
    ["-5", undefined, 0, "web"],
    ["100", undefined, 0.999_999, "canary"],
    ["150", undefined, 0.999_999, "canary"],
    ["20", "50", 0.1999, "canary"],
    ["20", "50", 0.2, "web"],
    ["20", "1000", 0.0199, "canary"],
    ["20", "1000", 0.02, "web"],
  ])("%s of %s, at %d: %s", (weight, total, chance, service) => {
    const rules = { canary: "true", "canary-weight": weight, ...(total && { "canary-weight-total": total }) };
    const table = tableOf(ingress("web", {}), ingress("canary", rules));
    expect(backendOf(table, asking({ chance }))).toBe(service);
  });

  test("ten thousand draws in turn give the canary its very share", () => {
    const table = tableOf(ingress("web", {}), ingress("canary", { canary: "true", "canary-weight": "13" }));
    const draws = Array.from({ length: 10_000 }, (_, i) => backendOf(table, asking({ chance: i / 10_000 })));
    expect(draws.filter((service) => service === "canary")).toHaveLength(1300);
  });
});

describe("a canary needs endpoints, and so does its primary", () => {
  const table = tableOf(ingress("web", {}), ingress("canary", { canary: "true", "canary-weight": "100" }));
  test.each([
    ["nobody is gone", [], "canary"],
    ["the canary is gone", ["canary"], "web"],
    ["the primary is gone: 503, and nobody is asked", ["web"], "respond"],
  ])("%s: %j → %s", (_what, gone, service) => {
    const noEndpoints: RequestFacts["noEndpoints"] = (backend) =>
      gone.includes(backend.service) ? "gone" : undefined;
    expect(backendOf(table, asking({ noEndpoints }))).toBe(service);
  });
});

describe("explain names the canary's Ingress, the annotation, and who is not asked", () => {
  const table = tableOf(
    ingress("web", {}),
    ingress("canary", { canary: "true", "canary-by-header": "X-Canary", "canary-weight": "20" }),
  );
  test("taken", () => {
    const header = (name: string) => (name === "x-canary" ? "always" : undefined);
    const facts = asking({ header });
    const decision = match(table, facts);
    const { rejected } = explain(table, { facts, decision });
    expect(decision.why[0]?.text).toBe(
      'the canary Ingress default/canary takes the request: canary-by-header: "X-Canary: always"',
    );
    expect(rejected).toEqual([
      {
        ingress: "default/web",
        rule: { host: "a.test", path: "/", pathType: "Prefix" },
        why: reason("canary", "its canary, Ingress default/canary, takes the request"),
      },
    ]);
  });

  test("not taken", () => {
    const facts = asking();
    const decision = match(table, facts);
    const { rejected } = explain(table, { facts, decision });
    const why = "canary-weight gives it 20 of 100 requests by chance, and this is none of them";
    expect(decision.why[0]?.text).toBe(`the canary Ingress default/canary does not take the request: ${why}`);
    expect(rejected).toEqual([
      {
        ingress: "default/canary",
        rule: { host: "a.test", path: "/", pathType: "Prefix" },
        why: reason("canary", `it is the canary of this path: ${why}`),
      },
    ]);
  });
});

describe("upstream-hash-by: the key", () => {
  test.each([
    ["$request_uri", "/a%20b?id=7"],
    ["$uri", "/a b"],
    ["$host", "a.test"],
    ["$arg_id", "7"],
    ["$http_x_team", "red"],
    ["$cookie_user", "ann"],
    ["$remote_addr", "127.0.0.1"],
    ["$binary_remote_addr", "\x7f\x00\x00\x01"],
    [`$\{host}-text-$scheme`, "a.test-text-http"],
    ["$nobody$host", "a.test"],
    ["plain", "plain"],
  ])("%s is %j", (value, key) => {
    const table = tableOf(ingress("web", { "upstream-hash-by": value }));
    const header = (name: string) => ({ "x-team": "red", cookie: "a=b; user=ann" })[name];
    const decision = match(table, asking({ header }));
    expect(decision).toMatchObject({ kind: "forward", choice: { kind: "hash", key } });
    expect(decision.why.at(-1)?.text).toContain("the annotation upstream-hash-by of Ingress default/web");
  });

  test.each([
    [{}, undefined],
    [{ "upstream-hash-by-subset": "true" }, 3],
    [{ "upstream-hash-by-subset": "true", "upstream-hash-by-subset-size": "0" }, 3],
    [{ "upstream-hash-by-subset": "true", "upstream-hash-by-subset-size": "5" }, 5],
    [{ "upstream-hash-by-subset": "false", "upstream-hash-by-subset-size": "5" }, undefined],
  ])("%j: subsets of %j", (more, subsetSize) => {
    const table = tableOf(ingress("web", { "upstream-hash-by": "$host", ...more }));
    expect(match(table, asking())).toMatchObject({ choice: { kind: "hash", key: "a.test", subsetSize } });
  });

  test("affinity goes before it, and an Ingress that comes later has no say", () => {
    const both = tableOf(ingress("web", { "upstream-hash-by": "$host", affinity: "cookie" }));
    expect(match(both, asking())).toMatchObject({ choice: { kind: "session" } });
    const later = tableOf(ingress("web", {}), ingress("late", { "upstream-hash-by": "$host" }, "web"));
    expect(match(later, asking())).not.toHaveProperty("choice.kind");
  });
});

test("a path that nothing is said of has a backend of three fields, and no choice", () => {
  const decision = match(tableOf(ingress("web", {})), asking());
  expect(decision.kind === "forward" && Object.keys(decision.backend)).toEqual([
    "namespace",
    "service",
    "port",
  ]);
  expect(decision).not.toHaveProperty("choice");
});

test.each([
  ["127.0.0.1", "7f000001"],
  ["::1", "00000000000000000000000000000001"],
  ["2001:db8::8:800:200c:417a", "20010db80000000000080800200c417a"],
  ["fe80::1%eth0", "fe800000000000000000000000000001"],
  ["::ffff:192.0.2.1", "00000000000000000000ffffc0000201"],
])("%s in bytes: %s", (address, hex) => {
  expect(Buffer.from(addressBytes(address), "latin1").toString("hex")).toBe(hex);
});
