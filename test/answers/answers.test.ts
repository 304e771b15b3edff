import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { CONTROLLER_NAMES } from "../../src/compile/controllers.ts";
import { askedByFunctions } from "./by-functions.ts";
import { DIFFERENCES } from "./differences.ts";
import { recordedSets } from "./recorded.ts";

const FOLDERS = [import.meta.dirname, join(import.meta.dirname, "../conformance")];

const RECORDED = CONTROLLER_NAMES.flatMap((name) => {
  const sets = recordedSets(name);
  return sets === undefined ? [] : [{ name, sets }];
});

describe.each(RECORDED)("what the real $name answered, by functions", ({ name, sets }) => {
  const known = DIFFERENCES[name] ?? new Map();
  const served = sets.filter(({ nginxRefused }) => nginxRefused === undefined);
  it.each(served.map((set) => [set.name, set.about, set] as const))("%s: %s", async (setName, _, set) => {
    const lines = await askedByFunctions(name, set);
    if (known.has(setName)) expect(lines, "the set differs no more: take it off the list").not.toEqual([]);
    else expect(lines.join("\n")).toBe("");
  });
});

test("the copies of recorded answers take at most 3 MB", () => {
  const files = FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((file) => file.endsWith(".json.gz"))
      .map((file) => join(folder, file)),
  );
  expect(files.length).toBeGreaterThan(0);
  const sizes = files.map((file) => statSync(file).size);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(3 * 1024 * 1024);
});
