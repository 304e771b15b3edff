import { expect, test } from "vitest";
import { createHealth } from "../../src/proxy/decide/guards/health.ts";

const WEB = { namespace: "default", service: "web", port: { number: 80 } };

test("a Service port is checked once an interval, and believed for two", async () => {
  let now = 0;
  let checks = 0;
  const health = createHealth(() => now);
  const check = async () => {
    checks += 1;
    return { sick: new Set([`pod ${checks}`]), healthy: 1 };
  };
  expect(health.sick(WEB)).toEqual([]);
  await Promise.all([health.of(WEB, 1_000, check), health.of(WEB, 1_000, check)]);
  expect([checks, ...health.sick(WEB)]).toEqual([1, "pod 1"]);
  now = 999;
  await health.of(WEB, 1_000, check);
  expect(checks).toBe(1);
  now = 2_000;
  expect(health.sick(WEB)).toEqual(["pod 1"]);
  now = 2_001;
  expect(health.sick(WEB)).toEqual([]);
  await health.of(WEB, 1_000, check);
  expect([checks, ...health.sick(WEB)]).toEqual([2, "pod 2"]);
});
