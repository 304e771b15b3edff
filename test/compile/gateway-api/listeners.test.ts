import { describe, expect, test } from "vitest";
import { GATEWAY, route, TO_WEB, worldOf } from "./gateway-world.ts";

describe("a Gateway of another class", () => {
  const { table, ask } = worldOf([
    GATEWAY.replace("gatewayClassName: eg", "gatewayClassName: x"),
    route(`{ ${TO_WEB} }`),
  ]);

  test("has no listener", () => {
    expect(table.entryPoints[0].plane?.accepts).toBe("nobody");
    expect(ask("GET / HTTP/1.1\r\nHost: a.test")).toMatchObject({
      status: 404,
      why: [{ code: "no-rule-for-host" }],
    });
  });
});

test("one with a listener accepts clients", () =>
  expect(worldOf([GATEWAY]).table.entryPoints[0].plane?.accepts).toBeUndefined());

const NESTED = GATEWAY.replace(
  "listeners:",
  `listeners:
    - { name: wild, protocol: HTTP, port: 80, hostname: "*.test" }`,
);
const named = (hosts: string, section = "") =>
  route(`{ ${TO_WEB} }`)
    .replace("{ name: gw }", `{ name: gw${section} }`)
    .replace("rules:", `hostnames: [${hosts}], rules:`);

test.each([
  ["a host of both", "a.test", "", 404, ["controller-stops"]],
  ["a host of one", "a.other", "", undefined, []],
  ["the listener's own host, which is left to it", "'*.test'", "", undefined, []],
  ["one listener named", "a.test", ", sectionName: wild", undefined, []],
] as const)("Envoy refuses a port's table with one host of two listeners: %s", (_, host, section, status, codes) => {
  const { ask, problems } = worldOf([NESTED, named(host, section)]);
  const asked = host.replace("'*", "a").replace("'", "");
  expect(ask(`GET / HTTP/1.1\r\nHost: ${asked}`).status).toBe(status);
  expect(problems.map(({ code }) => code)).toEqual(codes);
});
