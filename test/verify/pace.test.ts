import { expect, test } from "vitest";
import { type Clock, createPace, sendPaced } from "../../src/verify/pace.ts";

/** A clock that goes on only while somebody waits. */
function clockByHand(): Clock & { readonly at: () => number } {
  let now = 1_000;
  return {
    at: () => now,
    now: () => now,
    wait: async (ms) => {
      now += ms;
    },
  };
}

test.each([
  [20, 50],
  [1, 1_000],
  [0.5, 2_000],
  [1_000, 1],
])("%s a second is one every %s ms", (rate, spacing) => {
  const pace = createPace(rate);
  expect([pace(0), pace(0), pace(0)]).toEqual([0, spacing, 2 * spacing]);
});

test("what was not sent in a slow time is not made up for", () => {
  const pace = createPace(10);
  expect([pace(0), pace(5_000), pace(5_000), pace(5_050)]).toEqual([0, 5_000, 5_100, 5_200]);
});

test("no window of a second has more requests than the rate", async () => {
  const clock = clockByHand();
  const starts: number[] = [];
  const send = async () => void starts.push(clock.at());
  const options = { rate: 20, atOnce: 10, clock, signal: new AbortController().signal };
  await sendPaced(Array.from({ length: 100 }), send, options);
  expect(starts).toHaveLength(100);
  const inSecondFrom = (from: number) => starts.filter((at) => at >= from && at < from + 1_000).length;
  expect(Math.max(...starts.map(inSecondFrom))).toBe(20);
});

test("no more are under way than may be, and all have ended at the end", async () => {
  let [now, most, ended] = [0, 0, 0];
  const send = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setImmediate(resolve));
    now--;
    ended++;
  };
  const options = { rate: 1_000, atOnce: 3, clock: clockByHand(), signal: new AbortController().signal };
  await sendPaced(Array.from({ length: 50 }), send, options);
  expect([most, ended]).toEqual([3, 50]);
});

test("nothing is sent after the signal", async () => {
  const stop = new AbortController();
  let sent = 0;
  const send = async () => {
    if (++sent === 7) stop.abort();
  };
  const options = { rate: 20, atOnce: 10, clock: clockByHand(), signal: stop.signal };
  await sendPaced(Array.from({ length: 100 }), send, options);
  expect(sent).toBe(7);
});
