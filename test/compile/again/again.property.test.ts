import fc from "fast-check";
import { expect, test } from "vitest";
import { compile, compileInSteps } from "../../../src/compile/compile.ts";
import { createMemory, type Memory } from "../../../src/compile/memory.ts";
import { atOnce } from "../../../src/steps.ts";
import { plainOf } from "./plain.ts";
import { type Edit, edited, FIRST, snapshotOfWorld, type World } from "./world.ts";

const edit: fc.Arbitrary<Edit> = fc.tuple(fc.nat(10_000), fc.nat(10_000), fc.nat(100_000));

/** Worlds one after another: each save edits a few objects; some compilations are given up after some steps. */
const saves = fc.array(
  fc.record({
    edits: fc.array(edit, { minLength: 1, maxLength: 3 }),
    givenUpAfter: fc.option(fc.nat(40), { freq: 3 }),
  }),
  { minLength: 1, maxLength: 12 },
);
const beginning = fc.array(edit, { minLength: 5, maxLength: 40 });

function giveUp({ options, ...world }: World, memory: Memory, after: number): void {
  const steps = compileInSteps(snapshotOfWorld({ options, ...world }), options, memory);
  for (let left = after; left > 0; left--) if (steps.next().done === true) return;
  steps.return(undefined as never);
}

test("what is compiled with a memory of other snapshots equals what is compiled anew", () => {
  fc.assert(
    fc.property(beginning, saves, (first, then) => {
      const memory = createMemory();
      let world = first.reduce(edited, FIRST);
      for (const { edits, givenUpAfter } of then) {
        world = edits.reduce(edited, world);
        if (givenUpAfter !== null) giveUp(world, memory, givenUpAfter);
        const snapshot = snapshotOfWorld(world);
        const again = plainOf(atOnce(compileInSteps(snapshot, world.options, memory)));
        const anew = plainOf(compile(snapshot, world.options));
        // Texts are compared faster; only the difference is worth looking at in depth.
        if (JSON.stringify(again) !== JSON.stringify(anew)) expect(again).toEqual(anew);
      }
    }),
    { numRuns: 60 },
  );
});
