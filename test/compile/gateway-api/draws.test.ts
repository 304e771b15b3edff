import { expect, test } from "vitest";
import { GATEWAY, route, TO_WEB, worldOf } from "./gateway-world.ts";

const HEAD = "GET /p HTTP/1.1\r\nHost: a.test";
const rule = (path: string) => `{ matches: [{ path: { value: ${path} } }], ${TO_WEB} }`;
const created = (text: string, second: number) =>
  text.replace(
    /metadata: \{ name: (\w)/,
    `metadata: { creationTimestamp: "2026-01-01T00:00:0${second}Z", name: $1`,
  );
const header = (name: string) => `{ matches: [{ headers: [{ name: ${name}, value: v }] }], ${TO_WEB} }`;
const routeOf = ({ route: found }: { readonly route?: { readonly id: string } | undefined }) =>
  found?.id.split(" ")[0];

const idOf = ({ id }: { readonly id: string }) => id.split(" ")[0];

test("of one match in two routes of unknown age the first by name is used, and both are named", () => {
  const { ask, problems } = worldOf([GATEWAY, route(rule("/p"), "b"), route(rule("/p"), "a")]);
  const decision = ask(HEAD);
  expect(routeOf(decision)).toBe("default/a");
  expect(decision.oneOf?.map(idOf)).toEqual(["default/b"]);
  expect(problems.map(({ code, object }) => [code, object?.name])).toEqual([["ambiguous-route", "b"]]);
});

test("of equal precedence and unknown age the first rule of each route may come", () => {
  const both = `${HEAD}\r\nX-A: v\r\nX-B: v`;
  const { ask, problems } = worldOf([
    GATEWAY,
    route(`${header("x-a")}, ${header("x-b")}`, "b"),
    route(header("x-b"), "c"),
    route(`${header("x-c")}, ${header("x-a")}`, "a"),
  ]);
  const decision = ask(both);
  expect(decision.route?.id).toContain("default/a * PathPrefix /, header x-a");
  expect(decision.oneOf?.map(({ id }) => id.split(" HTTPRoute")[0])).toEqual([
    "default/b * PathPrefix /, header x-a = v",
    "default/c * PathPrefix /, header x-b = v",
  ]);
  expect(problems.map(({ code, object }) => [code, object?.name])).toEqual([
    ["ambiguous-route", "b"],
    ["ambiguous-route", "c"],
  ]);
  expect(ask(`${HEAD}\r\nX-C: v`).oneOf).toBeUndefined();
});

test.each([
  [
    "the older one is known",
    [created(route(rule("/p"), "a"), 2), created(route(rule("/p"), "b"), 1)],
    "default/b",
  ],
  ["the matches differ", [route(rule("/p"), "a"), route(rule("/p/q"), "b")], "default/a"],
  ["one route says it twice", [route(`${rule("/p")}, ${rule("/p")}`, "a")], "default/a"],
])("nothing is drawn where %s", (_, routes, taken) => {
  const { ask, problems } = worldOf([GATEWAY, ...routes]);
  const decision = ask(HEAD);
  expect([routeOf(decision), decision.oneOf, problems.map(({ code }) => code)]).toEqual([
    taken,
    undefined,
    [],
  ]);
});
