import { expect, test } from "vitest";
import { createQueue } from "../../certs/queue.ts";

/** A job that ends on demand. */
function gate(): { readonly job: () => Promise<void>; readonly open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { job: () => promise, open: () => open() };
}

async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

test("runs two at a time, in order but for the one in a hurry, and goes on after a failure", async () => {
  const queue = createQueue(2);
  const started: string[] = [];
  const gates = new Map(["a", "b", "c", "d", "e"].map((key) => [key, gate()]));
  const ends = [...gates].map(([key, { job }]) =>
    queue.add(key, async () => {
      started.push(key);
      await job();
      if (key === "a") throw new Error("no luck");
      return key;
    }),
  );
  const outcome = Promise.allSettled(ends);
  const seen: string[] = [];
  for (const [key, hurried] of [
    ["b", "e"],
    ["a", "a"],
    ["e", "nobody"],
    ["c", "c"],
    ["d", "d"],
  ] as const) {
    queue.hurry(hurried);
    seen.push(started.join(""));
    gates.get(key)?.open();
    await settle();
  }
  expect(seen).toEqual(["ab", "abe", "abec", "abecd", "abecd"]);
  const results = (await outcome).map((one) => (one.status === "fulfilled" ? one.value : String(one.reason)));
  expect(results).toEqual(["Error: no luck", "b", "c", "d", "e"]);
});

test("once closed, what has not started is rejected, and what runs ends", async () => {
  const queue = createQueue(1);
  const running = gate();
  const first = queue.add("a", running.job);
  const second = queue.add("b", async () => undefined);
  queue.close(new Error("closed"));
  await expect(second).rejects.toThrow("closed");
  await expect(queue.add("c", async () => undefined)).rejects.toThrow("closed");
  running.open();
  await expect(first).resolves.toBeUndefined();
});
