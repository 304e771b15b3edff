import fc from "fast-check";
import { expect, test } from "vitest";
import { byLength } from "../src/compile/route.ts";
import { atOnce, sortedInSteps } from "../src/steps.ts";

test("sorting in steps comes to what sorting at once does, also where items are equal", () => {
  const item = fc.record({ rank: fc.nat(20), name: fc.nat() });
  fc.assert(
    fc.property(fc.array(item, { maxLength: 3_000, size: "max" }), (items) => {
      const compare = (a: { rank: number }, b: { rank: number }) => a.rank - b.rank;
      expect(atOnce(sortedInSteps(items, compare))).toEqual(items.toSorted(compare));
    }),
    { numRuns: 50 },
  );
});

test("32,000 paths are put in order in short steps", () => {
  const items = Array.from({ length: 32_000 }, (_, at) => ({ path: `/${(at * 7_919) % 32_000}` }));
  const steps = byLength(items);
  let count = 0;
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) count += 1;
  expect(step.value.map(({ path }) => path).slice(0, 2)).toEqual(["/31999", "/31998"]);
  // Each of the log2(n) merges, in steps of 500.
  expect(count).toBeGreaterThan(300);
});
