import { expect, test, vi } from "vitest";
import type { Steps } from "../src/steps.ts";
import { allInTurns } from "../src/turns.ts";

/** The turns of the event loop until something is done. */
async function turnsUntil(done: Promise<unknown>): Promise<number> {
  let [turns, isDone] = [0, false];
  const turn = () => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  setImmediate(turn);
  await done;
  isDone = true;
  return turns;
}

let now = performance.now();

/** Each look at the clock finds it 1 ms later. */
function withSlowSteps<T>(run: () => Promise<T>): Promise<T> {
  const clock = vi.spyOn(performance, "now").mockImplementation(() => ++now);
  return run().finally(() => clock.mockRestore());
}

function* steps(count: number): Steps<void> {
  for (let left = count; left > 0; left--) yield;
}

test.each([
  ["one long computation", [300]],
  ["many short ones, one right after the other", Array.from({ length: 100 }, () => 3)],
])("the event loop has its turns during %s", async (_, counts) => {
  const turns = await withSlowSteps(() =>
    turnsUntil(
      (async () => {
        for (const count of counts) await allInTurns(steps(count));
      })(),
    ),
  );
  // 300 steps of 1 ms, in turns of 10.
  expect(turns).toBeGreaterThanOrEqual(25);
});
