import { expect, test } from "vitest";
import { GATEWAY, route, TO_WEB, worldOf } from "./gateway-world.ts";

const HEAD = "GET /p HTTP/1.1\r\nHost: a.test";
const rule = (path: string) => `{ matches: [{ path: { value: ${path} } }], ${TO_WEB} }`;
const created = (text: string, second: number) =>
  text.replace(
    /metadata: \{ name: (\w)/,
    `metadata: { creationTimestamp: "2026-01-01T00:00:0${second}Z", name: $1`,
  );
const routeOf = ({ route: found }: { readonly route?: { readonly id: string } | undefined }) =>
  found?.id.split(" ")[0];

test("of one match in two routes of unknown age the first by name is used, and both are named", () => {
  const { ask, problems } = worldOf([GATEWAY, route(rule("/p"), "b"), route(rule("/p"), "a")]);
  const decision = ask(HEAD);
  expect(routeOf(decision)).toBe("default/a");
  expect(problems.map(({ code, object }) => [code, object?.name])).toEqual([["ambiguous-route", "b"]]);
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
  expect([routeOf(decision), problems.map(({ code }) => code)]).toEqual([taken, []]);
});
