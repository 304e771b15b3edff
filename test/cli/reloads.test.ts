import { expect, test } from "vitest";
import { createReloads } from "../../src/cli/up/reloads.ts";
import type { Steps } from "../../src/steps.ts";

/** Works on names in two steps; `broken` throws between them. */
function recorded() {
  const log: string[] = [];
  const failed: string[] = [];
  function* work(name: string): Steps<void> {
    log.push(`${name} begins`);
    let hasTurned = false;
    setImmediate(() => {
      hasTurned = true;
    });
    // Others have a turn before the end.
    while (!hasTurned) yield;
    if (name === "broken") throw new Error("broken");
    log.push(`${name} ends`);
  }
  const reloads = createReloads(work, (_, name) => failed.push(name));
  return { log, failed, reloads };
}

test("one after the other, each is done", async () => {
  const { log, reloads } = recorded();
  await reloads.take("a");
  await reloads.take("b");
  expect(log).toEqual(["a begins", "a ends", "b begins", "b ends"]);
});

test("what comes meanwhile replaces what is not done", async () => {
  const { log, reloads } = recorded();
  await Promise.all([reloads.take("a"), reloads.take("b"), reloads.take("c")]);
  expect(log).toEqual(["a begins", "b begins", "c begins", "c ends"]);
});

test("others have their turn meanwhile", async () => {
  const log: string[] = [];
  const reloads = createReloads(
    function* (name: string): Steps<void> {
      log.push(`${name} begins`);
      while (!log.includes("another")) yield;
      log.push(`${name} ends`);
    },
    () => undefined,
  );
  const done = reloads.take("a");
  setImmediate(() => log.push("another"));
  await done;
  expect(log).toEqual(["a begins", "another", "a ends"]);
});

test("what fails is told, and the next is done", async () => {
  const { log, failed, reloads } = recorded();
  await reloads.take("broken");
  await reloads.take("b");
  expect(failed).toEqual(["broken"]);
  expect(log).toEqual(["broken begins", "b begins", "b ends"]);
});

test("at the end nothing more is done", async () => {
  const { log, reloads } = recorded();
  const given = reloads.take("a");
  reloads.close();
  await given;
  expect(log).toEqual(["a begins"]);
});

test("nothing is taken after the end", async () => {
  const { log, reloads } = recorded();
  reloads.close();
  await reloads.take("a");
  expect(log).toEqual([]);
});

test("what was put off long enough is done to its end, and then the latest", async () => {
  const log: string[] = [];
  const go = new Set<string>();
  const reloads = createReloads(
    function* (name: string): Steps<void> {
      log.push(`${name} begins`);
      while (!go.has(name)) yield;
      log.push(`${name} ends`);
    },
    () => undefined,
    0,
  );
  const all = ["a", "b", "c"].map((name) => reloads.take(name));
  setImmediate(() => {
    log.push("all are taken");
    for (const name of ["a", "b", "c"]) go.add(name);
  });
  await Promise.all(all);
  expect(log).toEqual(["a begins", "all are taken", "a ends", "c begins", "c ends"]);
});

test("idle: once the last work is done, whatever it replaced", async () => {
  const { log, reloads } = recorded();
  void reloads.take("a");
  void reloads.take("b");
  await reloads.idle();
  expect(log).toEqual(["a begins", "b begins", "b ends"]);
});
