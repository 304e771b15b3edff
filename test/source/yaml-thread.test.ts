import { afterEach, expect, test } from "vitest";
import { createYamlThread, type YamlThread } from "../../src/source/yaml-thread.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";

let thread: YamlThread | undefined;
afterEach(() => thread?.close());

const lines = (count: number, line: string) => line.repeat(count);

test.each([
  ["an anchor", "a: &x {b: [1, true, ~, text]}\nc: *x\n"],
  ["a large number", "a: &x 123456789012345678901234567890\n"],
  ["a syntax error", `kind: Ingress\n${lines(2000, "a: b\n")}x: y: z\n`],
  ["an alias of nothing", "a: *b\n"],
])("%s reads as it does here", async (_what, text) => {
  thread = createYamlThread();
  expect(await thread.read(text)).toEqual(readGeneralYaml(text));
  expect(await thread.read("a: !b c")).toEqual(readGeneralYaml("a: !b c"));
});

test("a document that takes too long is given up, and the next one is read", async () => {
  thread = createYamlThread(1);
  expect(await thread.read(`kind: Ingress\n${lines(100_000, "] ")}`)).toMatchObject({
    message: expect.stringContaining("takes longer than"),
  });
  await thread.close();
  thread = createYamlThread();
  expect(await thread.read("a: &b c")).toEqual(readGeneralYaml("a: &b c"));
});

test("while a thread reads, the event loop goes on", async () => {
  const text = `kind: Ingress\n${lines(100_000, "] ")}`;
  const here = performance.eventLoopUtilization();
  readGeneralYaml(text);
  const heldHere = performance.eventLoopUtilization(here).active;
  thread = createYamlThread();
  await thread.read("a: &b c");
  const before = performance.eventLoopUtilization();
  await thread.read(text);
  // Relative, because absolute times depend on the machine's load.
  expect(performance.eventLoopUtilization(before).active).toBeLessThan(heldHere / 3);
});
