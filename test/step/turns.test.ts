import { expect, test } from "vitest";
import type { Share } from "../../src/model/route/action.ts";
import { firstTurns, shareInTurn } from "../../src/step/action/turns.ts";

function dealt(weights: readonly number[], requests: number): string {
  const [first, ...others] = weights.map((weight, at): Share => {
    return { backend: { namespace: "default", service: "abc".charAt(at), port: { number: 80 } }, weight };
  });
  if (first === undefined) throw new Error("no share");
  const shares = [first, ...others] as const;
  const turns = firstTurns(shares);
  return Array.from({ length: requests }, () => shareInTurn([...shares], turns).backend.service).join(" ");
}

test.each([
  // weights, order, what it shows
  [[1], "a a", "one share"],
  [[1, 1], "a b a b", "alternately"],
  [[3, 1], "a a b a a a b a", "evenly spread"],
  [[1, 3], "b b a b b b a b", "also where the last has more"],
  [[2, 1, 1], "a b c a a b c a", "three shares"],
  [[0, 1], "b b", "without weight never"],
  [[1, -1, 1], "a c a c", "nor below none"],
  [[0, 0], "a a", "the first, where none has weight"],
])("weights %j: %s (%s)", (weights, order) => {
  expect(dealt(weights, order.split(" ").length)).toBe(order);
});

test("shares are exact over each round", () => {
  const order = dealt([70, 25, 5], 400).split(" ");
  for (const round of [order.slice(0, 100), order.slice(300)]) {
    const counts = ["a", "b", "c"].map((name) => round.filter((share) => share === name).length);
    expect(counts).toEqual([70, 25, 5]);
  }
});
