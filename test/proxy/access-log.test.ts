import { expect, test } from "vitest";
import { exchangeRaw } from "../support/raw.ts";
import { forwardAll, httpUpstream, testProxy } from "./support.ts";

test.each([
  ["off", false],
  [undefined, undefined],
] as const)("accessLog %s: a hit is logged: %s", async (accessLog, logged) => {
  const upstream = await httpUpstream((_, response) => response.end("ok"));
  const { port, hit } = await testProxy(upstream, { decide: forwardAll({ accessLog }) });
  await exchangeRaw(port, "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n");
  const [told] = await hit(1);
  expect(told?.logged).toBe(logged);
});
