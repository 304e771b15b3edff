import { describe, expect, test } from "vitest";
import { GATEWAY, policy, route, TO_WEB, worldOf } from "./gateway-world.ts";

const ROUTE = route(`{ ${TO_WEB} }`);
const ask = (spec: string, ...lines: readonly string[]) =>
  worldOf([GATEWAY, ROUTE, policy("SecurityPolicy", spec)]).ask(
    ["GET / HTTP/1.1", "Host: a.test", ...lines].join("\r\n"),
  );

describe("guards that are not asked here let nobody in", () => {
  const token = "Authorization: Bearer a.b.c";
  test.each([
    ["jwt: { providers: [{ name: p }] }", [], 401, "Jwt is missing"],
    ["jwt: { providers: [{ name: p }] }", [token], 401, "Jwt verification fails"],
    ["jwt: { optional: true, providers: [{ name: p }] }", [token], 401, "Jwt verification fails"],
    ["oidc: { provider: { issuer: 'https://id.test' } }", [], 401, "OAuth flow failed."],
    ["extAuth: { grpc: { backendRefs: [{ name: web, port: 80 }] } }", [], 403, ""],
    [
      "authorization: { rules: [{ action: Allow, principal: { jwt: { provider: p } } }] }",
      [],
      403,
      "RBAC: access denied",
    ],
  ])("%s %j", (spec, lines, status, text) =>
    expect(ask(spec, ...lines)).toMatchObject({ kind: "respond", status, text }));

  test("but for a token that may be missing", () =>
    expect(ask("jwt: { optional: true, providers: [{ name: p }] }").kind).toBe("forward"));

  test("and are named", () => {
    const { problems } = worldOf([GATEWAY, ROUTE, policy("SecurityPolicy", "oidc: { clientID: c }")]);
    expect(problems.map(({ code, level, field }) => [code, level, field])).toContainEqual([
      "field-not-honoured",
      "warning",
      "spec.oidc",
    ]);
  });
});

describe("authorization", () => {
  const rule = (parts: string) => `authorization: { rules: [{ action: Allow, ${parts} }] }`;
  test.each([
    ["by header", rule("principal: { headers: [{ name: X-Who, values: [a, b] }] }"), ["x-who: b"], "forward"],
    [
      "by another header",
      rule("principal: { headers: [{ name: X-Who, values: [a, b] }] }"),
      ["x-who: c"],
      "respond",
    ],
    ["by method", rule("operation: { methods: [GET] }"), [], "forward"],
    ["by another method", rule("operation: { methods: [PUT] }"), [], "respond"],
    [
      "by address and header",
      rule("principal: { clientCIDRs: [192.0.2.0/24], headers: [{ name: X-Who, values: [a] }] }"),
      [],
      "respond",
    ],
  ])("%s", (_, spec, lines, kind) => expect(ask(spec, ...lines).kind).toBe(kind));
});

describe("which policy is in force", () => {
  const closed = "authorization: { defaultAction: Deny }";
  test("targetSelectors find routes by their labels", () => {
    const labelled = ROUTE.replace(
      "metadata: { name: r }",
      "metadata: { name: r, labels: { guarded: yes } }",
    );
    const selecting = policy("SecurityPolicy", closed)
      .replace(
        /targetRefs: \[.*?\}\]/,
        "targetSelectors: [{ kind: HTTPRoute, matchLabels: { guarded: yes } }]",
      )
      .replaceAll("yes", "'yes'");
    const asked = (text: string) =>
      worldOf([GATEWAY, text, selecting]).ask("GET / HTTP/1.1\r\nHost: a.test").kind;
    expect([asked(labelled.replace("yes", "'yes'")), asked(ROUTE)]).toEqual(["respond", "forward"]);
  });

  test.each([
    ["replaces the Gateway's", "", "forward"],
    ["is merged into the Gateway's", "mergeType: StrategicMerge, ", "respond"],
  ])("a route's policy %s", (_, merge, kind) => {
    const own = policy(
      "BackendTrafficPolicy",
      `${merge}timeout: { http: { requestTimeout: 2s } }`,
      "kind: HTTPRoute, name: r",
    ).replace("name: p", "name: own");
    const general = policy("BackendTrafficPolicy", "faultInjection: { abort: { httpStatus: 503 } }");
    expect(worldOf([GATEWAY, ROUTE, own, general]).ask("GET / HTTP/1.1\r\nHost: a.test").kind).toBe(kind);
  });
});

test("a password file that Envoy does not read answers 500", () => {
  const users =
    "apiVersion: v1\nkind: Secret\nmetadata: { name: u }\nstringData: { .htpasswd: 'a:$2y$05$abc' }\n";
  const world = worldOf([
    GATEWAY,
    ROUTE,
    users,
    policy("SecurityPolicy", "basicAuth: { users: { name: u } }"),
  ]);
  expect(world.ask("GET / HTTP/1.1\r\nHost: a.test")).toMatchObject({ kind: "respond", status: 500 });
});

test("fields that nobody follows are named, and those of telemetry are not", () => {
  const spec =
    "telemetry: { metrics: {} }, faultInjection: { delay: { fixedDelay: 1s } }, requestBuffer: { limit: 1Ki }";
  const { problems } = worldOf([GATEWAY, ROUTE, policy("BackendTrafficPolicy", spec)]);
  expect(problems.map(({ field }) => field)).toEqual(["spec.faultInjection.delay", "spec.requestBuffer"]);
});
