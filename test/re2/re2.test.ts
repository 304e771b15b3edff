import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compileRe2, type Re2, type Re2Options } from "../../src/re2/re2.ts";
import { replaceAll, replaceAllBy } from "../../src/re2/replace.ts";
import { readSubstitution } from "../../src/re2/substitution.ts";
import { expandTemplate, readTemplate } from "../../src/re2/template.ts";
import { FINDS, REFUSALS, REPLACEMENTS } from "./re2-table.ts";

function re2(source: string, options?: Re2Options): Re2 {
  const compiled = compileRe2(source, options);
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return compiled.pattern;
}

function groupsOf(pattern: Re2, text: string): unknown {
  const found = pattern.exec(text);
  return found === null || found === "too-complex" ? found : [...found];
}

test.each(FINDS)("%j on %j gives %j: %s", (source, text, groups) => {
  expect(groupsOf(re2(source), text)).toEqual(groups);
});

test.each(REFUSALS)("%s is refused: %s", (source, why) => {
  expect(compileRe2(source)).toEqual({ kind: "refused", why: `error parsing regexp: ${why}` });
});

test.each(REPLACEMENTS)("%j on %j with %j gives %j: %s", (source, text, template, replaced) => {
  expect(replaceAll(re2(source), text, readTemplate(template))).toBe(replaced);
});

interface GoAnswer {
  readonly pattern: string;
  readonly text: string;
  readonly template: string;
  readonly refused?: string;
  readonly found: readonly number[] | null;
  readonly whole: boolean;
  readonly replaced: string;
}

/** Expressions of manifests, and random ones: `record/main.go` asked Go 1.26. */
const ANSWERS = readFileSync(join(import.meta.dirname, "go-answers.jsonl"), "utf8")
  .trim()
  .split("\n")
  .map((line): GoAnswer => JSON.parse(line));

test("Go gives the same answers", () => {
  const differing = ANSWERS.filter((answer) => {
    const { pattern: source, text, template, refused, found, whole, replaced } = answer;
    const compiled = compileRe2(source);
    if (compiled.kind === "refused") return compiled.why !== refused;
    const spans = compiled.pattern.find(text);
    const all = re2(source, { extent: "whole" }).exec(text) !== null;
    const made = replaceAll(compiled.pattern, text, readTemplate(template));
    const same = JSON.stringify(spans) === JSON.stringify(found) && all === whole && made === replaced;
    return refused !== undefined || !same;
  });
  expect(ANSWERS.length).toBeGreaterThan(300);
  expect(differing).toEqual([]);
});

test("a whole match tries every way to the end", () => {
  expect(groupsOf(re2("a|(ab)", { extent: "whole" }), "ab")).toEqual(["ab", "ab"]);
  expect(groupsOf(re2("/v[0-9]+/x", { extent: "whole" }), "/v1/x/y")).toBeNull();
  expect(groupsOf(re2("^/a$|b", { extent: "whole" }), "/a")).toEqual(["/a"]);
});

test("the case can be left out from outside, and taken in again", () => {
  const fold = { letters: "any case" } as const;
  expect(groupsOf(re2("/foo", fold), "/FOO")).toEqual(["/FOO"]);
  expect(groupsOf(re2("(?-i)/foo", fold), "/FOO")).toBeNull();
});

test("Envoy takes no byte that is no UTF-8", () => {
  const envoy = { extent: "whole", broken: "refused" } as const;
  expect(groupsOf(re2("a.b", envoy), "a\xffb")).toBeNull();
  expect(groupsOf(re2("a[^x]b", envoy), "a\xffb")).toBeNull();
  expect(groupsOf(re2("a.b", envoy), "a\xc3\xa9b")).toEqual(["a\xc3\xa9b"]);
});

test("named groups are found by their names", () => {
  const found = re2("(?P<a>x)?(?<b>y)(?P<__proto__>z)").exec("yz");
  expect(found).toHaveProperty("groups.b", "y");
  expect(Object.entries((found as { groups: object }).groups)).toEqual([
    ["a", undefined],
    ["b", "y"],
    ["__proto__", "z"],
  ]);
});

test("a search may begin later, and sees what lies before", () => {
  const pattern = re2("\\b(a)");
  expect(pattern.find("aa a", 1)).toEqual([3, 4, 3, 4]);
  expect(re2("^a").find("aa", 1)).toBeNull();
  expect(re2("$").find("aa", 2)).toEqual([2, 2]);
});

test("a template is expanded over one match", () => {
  const { find, names } = re2("(?P<scheme>https?)://([^/]+)");
  const text = "see http://app.test/x";
  const spans = find(text);
  if (spans === null || spans === "too-complex") throw new Error("no match");
  expect(expandTemplate(readTemplate("$scheme+$1://$2$x"), names, text, spans)).toBe("http+http://app.test");
});

test.each([
  // pattern, substitution, what becomes of /v1/a
  ["^/v([0-9])/(.*)$", "/\\2/\\1", "/a/1"],
  ["[0-9]", "<\\0>", "/v<1>/a"],
  ["v", "\\\\é", "/\\\xc3\xa91/a"],
  ["(v)", "$1", "/$11/a"],
  ["(v)", "\\1\\2", "/v1/a"],
  ["(v)", "x\\d\\1", "/x1/a"],
  ["(v)", "x\\", "/x1/a"],
])("RE2 replaces %s by %s", (source, substitution, replaced) => {
  const pattern = re2(source);
  const template = readSubstitution(substitution, pattern.names.length);
  expect(template === undefined ? "/v1/a" : replaceAll(pattern, "/v1/a", template)).toBe(replaced);
  expect(template === undefined).toBe(substitution.endsWith("2") && pattern.names.length < 2);
});

test("what a match comes to may be worked out", () => {
  const upper = replaceAllBy(re2("[a-c]+"), "xabxc", ([start, end]) => `<${start}-${end}>`);
  expect(upper).toBe("x<1-3>x<4-5>");
});

/** Each would take a backtracking machine more steps than there are atoms, or the square of 40,000. */
const HOSTILE: readonly (readonly [source: string, text: string, ending: string])[] = [
  ["(a*)*b", "a", ""],
  ["(a|aa)+$", "a", "!"],
  ["(a|a)*$", "a", "!"],
  ["(x+x+)+y", "x", "!"],
  ["(.*)(.*)(.*)(.*)(.*)=", "a", ""],
  ["^/([^/]+/?)+$", "a/", "//"],
  ["(\\w+\\s?)*$", "a", "!"],
  ["([a-z]+)*[A-Z]", "a", "1"],
  ["((a*)*)*c", "a", ""],
  ["(?i)(k|\u212a)*x", "k", ""],
  ["(a?){12}a{12}$", "a", "!"],
  [".*.*.*x", "\xc3\xa9", ""],
  ["a*?a*?a*?b", "a", ""],
];

// A search is given up after four million steps: an answer shows that the work is a hundred steps a byte.
test.each(HOSTILE)("%s is answered on a long text", (source, text, ending) => {
  const long = text.repeat(Math.floor(40_000 / text.length)) + ending;
  expect(re2(source).find(long)).not.toBe("too-complex");
  expect(re2(source, { extent: "whole" }).find(long)).not.toBe("too-complex");
});

test("a large expression on a long text is given up", () => {
  expect(re2("((a{0,100}){0,10})$").find(`${"a".repeat(40_000)}b`)).toBe("too-complex");
  expect(re2("(?:a{500}){2}".repeat(101)).find("a")).toBe("too-complex");
  expect(replaceAll(re2("((a{0,100}){0,10})$"), `${"a".repeat(40_000)}b`, ["x"])).toBeUndefined();
});

test("deep nesting and large expressions are refused as Go refuses them", () => {
  const nested = (depth: number) => `${"(".repeat(depth)}a${")".repeat(depth)}`;
  expect(compileRe2(nested(999)).kind).toBe("compiled");
  expect(re2(nested(999)).exec("xa")).toHaveLength(1000);
  expect(compileRe2(nested(50_000))).toMatchObject({
    why: expect.stringMatching(/^error parsing regexp: expression nests too deeply: `\(/),
  });
  expect(compileRe2("(".repeat(100_000))).toMatchObject({
    why: expect.stringMatching(/^error parsing regexp: missing closing \): `\(/),
  });
  expect(compileRe2("(?:a{1000}b?)".repeat(3400))).toMatchObject({
    why: expect.stringMatching(/^error parsing regexp: expression too large: `/),
  });
});
