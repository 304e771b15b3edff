import { expect, test } from "vitest";
import { createProblemChanges, type Finder } from "../../src/cli/up/problem-changes.ts";
import type { Problem } from "../../src/model/problem.ts";

const problem = (code: string, line = 1, message = "m"): Problem => ({
  code,
  level: "warning",
  message,
  fix: "f",
  file: "a.yaml",
  line,
});

/** `+code` for an added problem, `-code` for a removed one. */
function told(steps: readonly (readonly [Finder, readonly Problem[]] | "open")[]): readonly string[] {
  const lines: string[] = [];
  const changes = createProblemChanges(({ code, resolved }) => lines.push(`${resolved ? "-" : "+"}${code}`));
  for (const step of steps) {
    if (step === "open") changes.open();
    else changes.set(...step);
  }
  return lines;
}

test.each([
  // what the finders say, step by step                                                    what is told
  ["nothing before it is open", [["manifests", [problem("a")]]], []],
  ["all of it then", [["manifests", [problem("a")]], ["hosts", [problem("b")]], "open"], ["+a", "+b"]],
  ["what comes later", ["open", ["manifests", [problem("a")]]], ["+a"]],
  ["nothing twice", ["open", ["manifests", [problem("a")]], ["manifests", [problem("a")]]], ["+a"]],
  [
    "what goes",
    ["open", ["manifests", [problem("a"), problem("b")]], ["manifests", [problem("b")]]],
    ["+a", "+b", "-a"],
  ],
  ["no other finder's", ["open", ["hosts", [problem("a")]], ["manifests", []]], ["+a"]],
  [
    "a line that moved is the same",
    ["open", ["manifests", [problem("a", 1)]], ["manifests", [problem("a", 9)]]],
    ["+a"],
  ],
  [
    "another message is another",
    ["open", ["hosts", [problem("a")]], ["hosts", [problem("a", 1, "n")]]],
    ["+a", "-a", "+a"],
  ],
] as const)("told: %s", (_, steps, lines) => expect(told(steps)).toEqual(lines));
