import { expect, test } from "vitest";
import { createRing } from "../../src/upstream/ring.ts";

const PODS = ["10.0.0.1:80", "10.0.0.2:80", "10.0.0.3:80"];

/** Computed by an independent program after chash.lua and chash.c of lua-resty-balancer. */
test.each([
  ["", "10.0.0.3:80"],
  ["/", "10.0.0.1:80"],
  ["/cart", "10.0.0.2:80"],
  ["/cart?id=1", "10.0.0.1:80"],
  ["127.0.0.1", "10.0.0.2:80"],
  ["a", "10.0.0.3:80"],
  ["b", "10.0.0.2:80"],
  ["c", "10.0.0.3:80"],
  ["d", "10.0.0.3:80"],
  ["e", "10.0.0.2:80"],
  ["1700000000.123.42.654321", "10.0.0.1:80"],
])("%j is at %s, in whatever order the names come", (key, name) => {
  expect(createRing(PODS).find(key)).toBe(name);
  expect(createRing([...PODS].reverse()).find(key)).toBe(name);
});

test("ten thousand keys are shared out as by the controller", () => {
  const ring = createRing(PODS);
  const counts = new Map(PODS.map((name) => [name, 0]));
  for (let i = 0; i < 10_000; i++) {
    const name = ring.find(`key-${i}`) ?? "";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  expect([...counts.values()]).toEqual([3226, 3307, 3467]);
});

test("a name that goes takes its own keys along, and no others", () => {
  const before = createRing(PODS);
  const after = createRing(PODS.slice(0, 2));
  const keys = Array.from({ length: 1000 }, (_, i) => `key-${i}`);
  const moved = keys.filter((key) => before.find(key) !== after.find(key));
  expect(moved.length).toBeGreaterThan(0);
  expect(moved.every((key) => before.find(key) === "10.0.0.3:80")).toBe(true);
});

test("no names, no answer", () => expect(createRing([]).find("a")).toBeUndefined());
