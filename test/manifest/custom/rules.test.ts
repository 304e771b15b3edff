import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseDuration } from "../../../src/manifest/custom/cel/duration.ts";
import { Evaluator } from "../../../src/manifest/custom/cel/evaluate.ts";
import { parseRule } from "../../../src/manifest/custom/cel/parse.ts";
import { CostExceeded } from "../../../src/manifest/custom/cel/types.ts";
import { goPattern } from "../../../src/manifest/custom/pattern.ts";
import { valueOfJson } from "../../../src/manifest/custom/value.ts";

function outcomeOf(rule: string, self: unknown): string {
  try {
    return String(new Evaluator().holds(parseRule(rule), valueOfJson(self)));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test.each<readonly [rule: string, self: unknown, outcome: string]>([
  // A missing field is an error, which a side that decides hides.
  ["self.a == 1", {}, "no such key: a"],
  ["self.a == 1 || true", {}, "true"],
  ["true || self.a == 1", {}, "true"],
  ["self.a == 1 || false", {}, "no such key: a"],
  ["self.a == 1 && false", {}, "false"],
  ["self.all(x, x.a == 1)", [{}, { a: 2 }], "false"],
  ["self.all(x, x.a == 1)", [{}, { a: 1 }], "no such key: a"],
  ["self.exists(x, x.a == 1)", [{}, { a: 1 }], "true"],
  ["self.exists_one(x, x.a == 1)", [{ a: 1 }, { a: 2 }], "true"],
  ["self.exists_one(x, x.a == 1)", [{ a: 1 }, { a: 1 }], "false"],
  ["has(self.a) ? has(self.a.b) : true", { a: {} }, "false"],
  ["has(self.a.b)", {}, "no such key: a"],
  ["self[0] == 1", [], "index out of bounds: 0"],
  ["'a' in self", ["a"], "true"],
  ["'a' in self", { a: 1 }, "true"],
  ["self.all(key, key == 'a')", { a: 1 }, "true"],
  ["[has(self.a), has(self.b)].filter(x, x == true).size() <= 1", { a: 1, b: 2 }, "false"],
  // Names of fields that are words of CEL, or have other characters.
  ["self.__namespace__ == 'a'", { namespace: "a" }, "true"],
  ["self.a__dash__b == 'a'", { "a-b": "a" }, "true"],
  ["self.a__dot__b == 'a'", { "a.b": "a" }, "true"],
  ["self.a__underscores__b == 'a'", { a__b: "a" }, "true"],
  // Texts.
  ["size(self) == 2", "ä🎉", "true"],
  ['self.matches(r"""^a\\.b$""")', "a.b", "true"],
  ["self.matches('^a\\\\.b$')", "axb", "false"],
  ["self.matches('^(?i)ab$')", "AB", "true"],
  ["self.split('/')[0].size() < 3", "ab/cde", "true"],
  ["self.substring(2) == 'c'", "abc", "true"],
  ["self.substring(4) == 'c'", "abc", "index out of range: 4"],
  ['self == "\\x41\\u00e4\\n"', "Aä\n", "true"],
  ["isIP(self)", "10.0.0.1", "true"],
  ["isIP(self)", "010.0.0.1", "false"],
  ["isIP(self)", "::1", "true"],
  ["isIP(self)", "::ffff:10.0.0.1", "false"],
  ["isIP(self)", "a.example.com", "false"],
  ["duration(self) > duration('1s')", "1500ms", "true"],
  [
    "duration(self) > duration('1s')",
    "1x",
    "type conversion error from 'string' to 'google.protobuf.Duration'",
  ],
  // Numbers.
  ["self.a <= self.b", { a: 3, b: 2 }, "false"],
  ["1 + 2 * 3 == 7 && 7 / 2 == 3 && -7 % 4 == -3", {}, "true"],
  ["self / 0 == 1", 1, "division by zero"],
  ["self", 1, "no such overload"],
  ["self < 'a'", 1, "no such overload"],
])("%s of %j is %s", (rule, self, outcome) => expect(outcomeOf(rule, self)).toBe(outcome));

test("rules that take too many steps end", () => {
  const items = Array.from({ length: 3_000 }, (_, at) => at);
  expect(() => new Evaluator().holds(parseRule("self.all(a, self.all(b, a != b || true))"), items)).toThrow(
    CostExceeded,
  );
});

test.each([
  ["1h2m3s", 3_723_000_000_000n],
  ["1.5s", 1_500_000_000n],
  [".5s", 500_000_000n],
  ["-1µs", -1_000n],
  ["0", 0n],
  ["", undefined],
  ["5", undefined],
  ["s", undefined],
  ["1s ", undefined],
  ["9999999h", undefined],
])("the duration %j is %s ns", (text, nanoseconds) => expect(parseDuration(text)).toBe(nanoseconds));

/** All values at a key, wherever it stands. */
function found(json: unknown, key: string): readonly unknown[] {
  if (typeof json !== "object" || json === null) return [];
  return Object.entries(json).flatMap(([name, value]) =>
    name === key && typeof value !== "object"
      ? [value]
      : [...(name === key && Array.isArray(value) ? value : []), ...found(value, key)],
  );
}

const folder = join(import.meta.dirname, "../../../src/manifest/custom/schemas");

test.each(readdirSync(folder))("every rule and every pattern of %s can be run", (file) => {
  const group: unknown = JSON.parse(readFileSync(join(folder, file), "utf8"));
  const rules = found(group, "rules").filter(Array.isArray);
  for (const [rule] of rules) expect(() => parseRule(rule), rule).not.toThrow();
  const patterns = found(group, "pattern").filter((pattern) => typeof pattern === "string");
  for (const pattern of patterns) expect(() => goPattern(pattern)("aaa"), pattern).not.toThrow();
  expect(patterns.length).toBeGreaterThan(0);
});

test("a pattern that a search by trial and error needs ages for is answered at once", () => {
  expect(goPattern("^([0-9]+(ns|us|µs|ms|s|m|h)?)+$")(`${"1".repeat(10_000)}x`)).toBe(false);
  expect(goPattern("^([0-9]+(ns|us|µs|ms|s|m|h)?)+$")("10µs20ms")).toBe(true);
  expect(goPattern("^[!-~]+([\\t ]?[!-~]+)*$")(`${"a".repeat(4_000)}\n`)).toBe(false);
});
