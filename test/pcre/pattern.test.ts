import { expect, test } from "vitest";
import type { Pattern } from "../../src/model/pattern.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { MEANINGS, REFUSALS } from "./pcre-table.ts";

function captures(source: string, subject: string): readonly (string | undefined)[] | null | string {
  const compiled = compilePattern(source, "start");
  if (compiled.kind === "refused") return compiled.why;
  const found = compiled.pattern.exec(subject);
  return found === null || found === "too-complex" ? found : [...found];
}

test.each(MEANINGS)("%j on %j gives %j: %s", (source, subject, expected) => {
  expect(captures(source, subject)).toEqual(expected);
});

test.each(REFUSALS)("%s is refused, naming %s", (source, why) => {
  const compiled = compilePattern(source, "start");
  expect(compiled.kind).toBe("refused");
  expect(compiled.kind === "refused" && compiled.why).toContain(why);
});

test("named groups are found by their names", () => {
  const compiled = compilePattern("/(?<first>a)?(?<second>b)", "start");
  const found = compiled.kind === "compiled" ? compiled.pattern.exec("/b") : null;
  expect(found).toMatchObject({ groups: { first: undefined, second: "b" } });
});

test("the case counts where it is told to", () => {
  const compiled = compilePattern("/[a-c]x(?i)y", "anywhere", "exact case");
  const exec = (subject: string) =>
    compiled.kind === "compiled" ? compiled.pattern.exec(subject) : undefined;
  expect([exec("z/bxY"), exec("/Bxy"), exec("/bXy")]).toEqual([["/bxY"], null, null]);
});

/**
 * Patterns that run away on many letters. `needed` precedes them, so that no quick check refuses the subject.
 */
const HOSTILE: readonly (readonly [source: string, letters: string, needed: string])[] = [
  ["/.*(a+)+$", "a", ""],
  ["/(a|a)*$", "a", ""],
  ["/(a|aa)+$", "a", ""],
  ["/([a-z]+)*$", "a", ""],
  ["/(.*a){12}$", "a", ""],
  ["/(\\w+\\s?)*$", "a", ""],
  ["/((a*)*)*$", "a", ""],
  ["/(a?){40}a{40}$", "a", ""],
  ["/x?(.+)+b\\d", "a", "b"],
  ["/([^/]+/?)+$\\b", "a", ""],
  ["/(a+a+)+$", "a", ""],
  ["/y(x+x+)+y", "x", "y"],
  ["/(.*)(.*)(.*)(.*)(.*)=", "a", "="],
  ["/=.*.*.*.*=.*", "a", "="],
  ["/z(\\d+)*(\\d+)*z", "1", "z"],
  ["/c(?:a|b|ab)*c", "ab", "c"],
  ["/b(a*)*\\1b", "a", "b"],
  ["/(([a-z])+.)+[A-Z]([a-z])+$", "a", ""],
  ["/b?(?=(a+)+$)b", "a", "b"],
  ["/(a{1,30}){1,30}$", "a", ""],
  ["/(a*?)*?$", "a", ""],
  ["/(?>(a+))*(?<!a)b(.*)*c", "a", "bc"],
];

/** Least processor time of three searches, in ms. */
function leastMs(pattern: Pattern, subject: string): number {
  const taken = [1, 2, 3].map(() => {
    const started = process.cpuUsage();
    pattern.exec(subject);
    const used = process.cpuUsage(started);
    return (used.user + used.system) / 1000;
  });
  return Math.min(...taken);
}

function compiledPattern(source: string): Pattern {
  const compiled = compilePattern(source, "start");
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return compiled.pattern;
}

/** A search that is given up after all the steps that one may take. */
const RUNAWAY = compiledPattern("/(a+)+$");
const RUNAWAY_SUBJECT = `/${"a".repeat(8000)}!`;

// A step costs more in some patterns than in others, but no search is without end: the machine's speed does not matter.
test.each(HOSTILE)("%s never holds the event loop for long", (source, letters, needed) => {
  const subject = `/${needed}${letters.repeat(8000 / letters.length)}!`;
  const taken = leastMs(compiledPattern(source), subject);
  expect(taken).toBeLessThan(20 * leastMs(RUNAWAY, RUNAWAY_SUBJECT));
});

test("a match that runs away says so", () => {
  const compiled = compilePattern("/(a+)+$", "start");
  expect(compiled.kind === "compiled" && compiled.catastrophic).toBe(true);
  expect(captures("/(a+)+$", `/${"a".repeat(40)}!`)).toBe("too-complex");
});
