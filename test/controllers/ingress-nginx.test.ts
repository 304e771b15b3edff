import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { askedOf } from "./asked.ts";
import { recordedNames } from "./compare.ts";
import { givenSets } from "./given.ts";
import { DIFFERENCES } from "./ingress-nginx/differences.ts";
import { type Pods, startPods } from "./pods.ts";
import { serveSet } from "./serve-set.ts";

/** The highest number of Service ports in a set. */
const PODS = 24;

const certsDir = mkdtempSync(join(tmpdir(), "ingress-dev-given-"));
let pods: Pods;
beforeAll(async () => {
  pods = await startPods(PODS);
});
afterAll(() => {
  pods.close();
  rmSync(certsDir, { recursive: true, force: true });
});

describe("what ingress-nginx v1.15.1 answered", () => {
  const sets = givenSets("ingress-nginx");
  const names = recordedNames(sets.flatMap(({ answers }) => answers.map(({ answer }) => answer)));
  it.each(sets.map((set) => [set.name, set.about, set] as const))("%s: %s", async (name, _, set) => {
    const served = await serveSet(set, pods, certsDir);
    const stop = set.nginxRefused;
    const lines = stop === undefined ? [...(await askedOf(set, served, pods, names))] : [];
    await served.close();
    // A stop must have nginx's words, and no served set may have one.
    const words = new Set(served.problems.flatMap(({ stops }) => stops ?? []));
    if (stop !== undefined && !words.has(stop))
      lines.push(`stops: real ${stop}, here ${[...words].join(", ")}`);
    if (stop === undefined) lines.push(...[...words].map((text) => `stops: real none, here ${text}`));
    if (DIFFERENCES.has(name)) expect(lines, "no longer different: take it off the list").not.toEqual([]);
    else expect(lines.join("\n")).toBe("");
  });

  it("names only sets that there are in the list of differences", () => {
    const names = new Set(sets.map(({ name }) => name));
    expect([...DIFFERENCES.keys()].filter((name) => !names.has(name))).toEqual([]);
  });
});
