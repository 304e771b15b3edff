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
