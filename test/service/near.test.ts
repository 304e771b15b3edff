import { expect, test } from "vitest";
import { nearestName } from "../../src/service/near.ts";

test.each([
  // name           there is                         meant
  ["web", ["web-svc"], "web-svc"],
  ["web-service", ["api", "web"], "web"],
  ["frontend-svc", ["frontend-service"], "frontend-service"],
  ["chekout", ["cart", "checkout"], "checkout"],
  ["wbe-svc", ["web-svc"], "web-svc"],
  ["api-2", ["api-1", "api-3"], undefined],
  ["web", ["web-metrics", "cart"], undefined],
  ["web", ["api"], undefined],
  ["web", [], undefined],
] as const)("%s among %j: %s", (name, known, meant) => expect(nearestName(name, known)).toBe(meant));

test("among very many names none is guessed", () => {
  const known = Array.from({ length: 500 }, (_, i) => `service-${String.fromCharCode(97 + (i % 26))}${i}`);
  expect(nearestName("service-b1x", known)).toBeUndefined();
});
