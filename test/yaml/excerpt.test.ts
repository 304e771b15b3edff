import { describe, expect, test } from "vitest";
import { atOnce } from "../../src/steps.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";
import type { YamlNode } from "../../src/yaml/node.ts";
import type { SyntaxFault } from "../../src/yaml/syntax-fault.ts";
import { plainSteps } from "../../src/yaml/yaml.ts";
import { numbers } from "../support/numbers.ts";
import { processorTime } from "../support/processor-time.ts";

const PATHS: readonly ((at: number) => string)[] = [
  (at) =>
    `          - path: /p${at}\n            backend:\n              service:\n                name: web\n                port:\n                  number: 80\n`,
  (at) => `          - {path: "/q${at}", pathType: Exact, backend: {service: {name: web}}}\n`,
  (at) => `          - path: /r${at} # a comment\n            pathType: 'Prefix'\n`,
  () =>
    "          # a comment\n\n          -\n            note: |\n              one: two: three\n\n               four\n            list:\n            - a\n            - - b\n              - c: d\n                e: f\n",
];
const HEAD =
  'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  annotations:\n    a.b/c: "d: e"\nspec:\n  rules:\n    - host: a.test\n      http:\n        paths:\n';
const ingress = (count: number) =>
  `${HEAD}${Array.from({ length: count }, (_, at) => PATHS[at % PATHS.length]?.(at)).join("")}status: {}\n`;
const json = JSON.stringify({ spec: Array.from({ length: 300 }, (_, at) => ({ host: `h${at}`, n: [at] })) });

const INSERTED = [
  ..."|:| |\t|{|}|[|]|'|\"|,|#|-|\n|x|&a|*b|%|@|>|?|\\".split("|"),
  ...["- ", ": ", "!t ", "  ", "\n\n", "- x: y: z\n", "bad\n", "? ", "}: "],
];

/** A text with a mistake, or something that is more than plain, at a random place of its first half. */
function mistaken(text: string, next: () => number): string {
  const at = Math.floor(next() * text.length * 0.5);
  const start = text.lastIndexOf("\n", at) + 1;
  const inserted = INSERTED[Math.floor(next() * INSERTED.length)] ?? "";
  const kind = Math.floor(next() * 4);
  if (kind === 0) return text.slice(0, at) + inserted + text.slice(at);
  if (kind === 1) return text.slice(0, start) + inserted + text.slice(start);
  if (kind === 2) return text.slice(0, at) + text.slice(at + 1 + Math.floor(next() * 3));
  return text.slice(0, start) + text.slice(text.indexOf("\n", at) + 1);
}

const faultOf = (read: YamlNode | SyntaxFault) =>
  "message" in read ? `${read.line}: ${read.message}` : "none";

describe("an excerpt around the place where the plain reader stopped", () => {
  test.each([
    ["a block document", ingress(120), 250, true],
    ["JSON", `${json}\n`, 60, false],
    ["JSON in a block document", `kind: Ingress\nlist:\n- a: ${json}\n- b\n`, 60, false],
  ])("of %s shows the mistake that the whole shows, and none where that has none", (_what, text, rounds, isSame) => {
    const next = numbers(11);
    let faults = 0;
    for (let round = 0; round < rounds; round++) {
      const broken = mistaken(text, next);
      const plain = atOnce(plainSteps(broken));
      if (!("general" in plain)) continue;
      const whole = faultOf(readGeneralYaml(broken));
      const near = faultOf(readGeneralYaml(broken, plain.excerpt));
      if (whole !== "none") faults++;
      // Where brackets do not fit, the package names where they open, and go-yaml where it notices.
      if (isSame || whole === "none") expect(near, JSON.stringify(broken)).toBe(whole);
      else expect(near).not.toBe("none");
    }
    expect(faults).toBeGreaterThan(rounds / 4);
  });
});

const LARGE = ingress(6_000);

test.each([
  ["at its end", `${LARGE}x: y: z\n`],
  ["in its middle", LARGE.replace("/p3000\n", "/p3000\n     bad: 1\n")],
  ["of tabs", LARGE.replace("- path: /p3000", "\t- path: /p3000")],
  ["of a mapping that is never closed", LARGE.replace("annotations:", "annotations: {a: b")],
  ["of brackets that are never opened", `kind: Ingress\n${"] ".repeat(200_000)}`],
])("a mistake %s costs little more than to read as much without one", (_what, text) => {
  const ratios: number[] = [];
  while (ratios.length < 5 && !ratios.some((ratio) => ratio <= 2)) {
    const whole = processorTime();
    atOnce(plainSteps(LARGE));
    const spent = whole();
    const broken = processorTime();
    const plain = atOnce(plainSteps(text));
    const fault = "general" in plain ? readGeneralYaml(text, plain.excerpt) : plain;
    ratios.push(broken() / spent);
    expect(fault).toHaveProperty("message");
  }
  expect(Math.min(...ratios)).toBeLessThanOrEqual(2);
});

test("a large document is read in steps", () => {
  const steps = plainSteps(LARGE);
  let count = 0;
  while (steps.next().done !== true) count++;
  expect(count).toBeGreaterThan(20);
});
