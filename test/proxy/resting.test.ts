import { expect, test } from "vitest";
import { createResting } from "../../src/proxy/connect/resting.ts";

test.each([
  // what is done                          answers              the case shows
  ["rest a1 rest a2 take a take a take a", "- - a2 a1 -", "the one used last first"],
  ["rest a1 take b rest b1 take b", "- - - b1", "each by what it leads to"],
  ["rest a1 rest a2 rest b1 rest b2 take a", "- - - a1 a2", "of too many the one that rested longest goes"],
  ["rest a1 rest a2 take a rest a2 rest b1 rest b2", "- - a2 - - a1", "and not the one used last"],
  [
    "rest a1 rest a2 wake a1 wake a1 take a take a",
    "- - a1 - a2 -",
    "one that was closed is no longer there",
  ],
  ["rest a1 rest a2 rest b1 all a all a take b", "- - - a1,a2 - b1", "all that lead to one place"],
])("%s → %s: %s", (script, expected) => {
  const resting = createResting<string, string>(3);
  const done = [...script.matchAll(/(\w+) (\w+)/g)].map(([, verb, name = ""]) => {
    if (verb === "rest") return resting.rest(name.charAt(0), name) ?? "-";
    if (verb === "take") return resting.wakeLatest(name) ?? "-";
    if (verb === "wake") return resting.wake(name) ? name : "-";
    return resting.wakeAll(name).join(",") || "-";
  });
  expect(done.join(" ")).toBe(expected);
});
