import { expect, test } from "vitest";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { samplesOf } from "../../src/pcre/samples.ts";

function patternOf(source: string) {
  const compiled = compilePattern(source, "start");
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return compiled.pattern;
}

test.each([
  ["/api(/|$)(.*)", ["/api/", "/api", "/api/x", "/api/x/x"]],
  ["/v(\\d+)/(users|orders)", ["/v1/users", "/v1/orders", "/v111/users"]],
  ["/a{2,4}b?", ["/aa", "/aab", "/aaab"]],
  ["/(?i)x[^/]*\\.php$", ["/x.php", "/xx.php"]],
  [".*\\.css", ["/.css", "/x.css"]],
  ["/(a|b)?c", ["/c", "/ac", "/bc"]],
  ["/x(?=/y)", ["/x/y"]],
  ["/(en|de)-(?:at|ch)", ["/en-at", "/de-at", "/en-ch"]],
])("samples of %s have its alternatives, classes and repeats", (source, wanted) => {
  const { matching } = samplesOf(patternOf(source), "/");
  expect(matching).toEqual(expect.arrayContaining(wanted));
});

test.each([
  "/api(/|$)(.*)",
  "/v\\d/x$",
  "/(a+)+c",
  "/[^x]+x",
  "(?!/no)/.+",
  "/\\Qa.b\\E",
  "/x{0,3}y{2}",
])("each sample of %s matches, and each near miss does not", (source) => {
  const pattern = patternOf(source);
  const { matching, missing } = samplesOf(pattern, "/");
  expect(matching.filter((text) => pattern.exec(text) === null)).toEqual([]);
  expect(missing.filter((text) => pattern.exec(text) !== null)).toEqual([]);
  expect(matching.length).toBeGreaterThan(0);
  expect(missing.length).toBeGreaterThan(0);
});

test("an expression of many alternatives and repeats gives few samples, none of them long", () => {
  const words = Array.from({ length: 50 }, (_, at) => `w${at}`).join("|");
  const { matching, missing } = samplesOf(patternOf(`/((${words})/){20}x{2000}`), "/");
  for (const samples of [matching, missing]) {
    expect(samples.length).toBeLessThanOrEqual(16);
    expect(samples.every((text) => text.length <= 1_100)).toBe(true);
  }
});
