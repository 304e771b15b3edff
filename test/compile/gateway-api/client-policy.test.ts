import { describe, expect, test } from "vitest";
import { GATEWAY, policy, route, TO_WEB, worldOf } from "./gateway-world.ts";

const ROUTE = route(`{ ${TO_WEB} }`);
const head = (target = "/", ...lines: readonly string[]) =>
  [`GET ${target} HTTP/1.1`, "Host: a.test", ...lines].join("\r\n");

describe("a ClientTrafficPolicy of one listener", () => {
  const spec =
    "path: { escapedSlashesAction: KeepUnchanged }, headers: { withUnderscoresAction: DropHeader }";
  const { ask, told } = worldOf([
    GATEWAY,
    ROUTE,
    policy("ClientTrafficPolicy", spec, "kind: Gateway, name: gw, sectionName: other"),
  ]);

  test("is in force there alone", () => {
    expect(ask(head("/a%2Fb"))).toMatchObject({ kind: "redirect", status: 307, location: "/a/b" });
    expect(ask(head("/a%2Fb"), { port: 8080 })).toMatchObject({ kind: "forward", upstreamPath: "/a%2Fb" });
    expect(ask(head("/", "X_Y: 1"))).toMatchObject({ kind: "respond", status: 400 });
    const dropped = told(head("/", "X_Y: 1", "X-Z: 1"), { port: 8080 });
    expect([dropped.has("x_y"), dropped.get("x-z")]).toEqual([false, "1"]);
  });
});

describe("HTTP/1.0", () => {
  const old = "GET / HTTP/1.0\r\nHost: a.test";
  test.each([
    ["is refused", "headers: {}", { kind: "respond", status: 426 }],
    ["is served where a policy says so", "http1: { http10: {} }", { kind: "forward" }],
  ])("%s", (_, spec, wanted) =>
    expect(worldOf([GATEWAY, ROUTE, policy("ClientTrafficPolicy", spec)]).ask(old)).toMatchObject(wanted));
});

test("earlyRequestHeaders change requests before routes are looked for", () => {
  const early =
    "add: [{ name: X-A, value: '2-%REQ(X-B)%' }], set: [{ name: X-S, value: '1' }], addIfAbsent: [{ name: X-I, value: n }], remove: [X-R]";
  const matched = route(`{ matches: [{ headers: [{ name: x-s, value: '1' }] }], ${TO_WEB} }`);
  const { ask, told } = worldOf([
    GATEWAY,
    matched,
    policy("ClientTrafficPolicy", `headers: { earlyRequestHeaders: { ${early} } }`),
  ]);
  expect(ask(head()).kind).toBe("forward");
  const lines = told(head("/", "X-A: 1", "X-B: b", "X-S: 7", "X-I: own", "X-R: 1"));
  expect(Object.fromEntries([...lines].filter(([name]) => /^x-[aisr]$/.test(name)))).toEqual({
    "x-a": "2-b",
    "x-s": "1",
    "x-i": "own",
  });
});

test("numTrustedHops believes what the proxy in front says of the client", () => {
  const believed = policy(
    "ClientTrafficPolicy",
    "clientIPDetection: { xForwardedFor: { numTrustedHops: 1 } }",
  );
  const closed = policy(
    "SecurityPolicy",
    "authorization: { defaultAction: Deny, rules: [{ action: Allow, principal: { clientCIDRs: [203.0.113.0/24] } }] }",
  );
  const through = head("/", "X-Forwarded-For: 198.51.100.1, 203.0.113.7", "X-Forwarded-Proto: https");
  const { ask, told } = worldOf([GATEWAY, ROUTE, believed, closed]);
  expect(ask(through).kind).toBe("forward");
  expect(told(through).get("x-forwarded-proto")).toBe("https");
  expect(worldOf([GATEWAY, ROUTE, closed]).ask(through)).toMatchObject({ kind: "respond", status: 403 });
});
