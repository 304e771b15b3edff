import { expect, test } from "vitest";
import { compilePattern } from "../../src/match/pattern.ts";

function captures(source: string, subject: string): readonly (string | undefined)[] | null | string {
  const compiled = compilePattern(source, "start");
  if (compiled.kind === "refused") return compiled.why;
  const found = compiled.pattern.exec(subject);
  return found === null || found === "too-complex" ? found : [...found];
}

test.each<readonly [string, string, readonly string[] | null, string]>([
  // pattern                subject         captures                      what the case shows
  ["/foo(/|$)(.*)", "/foo/bar", ["/foo/bar", "/", "bar"], "the documentation's example"],
  ["/foo(/|$)(.*)", "/foo", ["/foo", "", ""], "the end stands for the slash"],
  ["/foo(/|$)(.*)", "/foobar", null, "no whole element"],
  ["/foo$", "/foo\n", ["/foo"], "$ also matches before a last newline"],
  ["/foo$", "/foo\n\n", null, "but not before two"],
  ["/f.o", "/f\no", null, "a dot is no newline"],
  ["/f.o", "/f\ro", ["/f\ro"], "but it is a carriage return, unlike in JavaScript"],
  ["/FOO", "/foo", ["/foo"], "without regard to case"],
  ["(?i)/foo", "/FOO", ["/FOO"], "a leading (?i) changes nothing"],
  ["/[[:alpha:]]+/", "/abc/", ["/abc/"], "POSIX classes"],
  ["/[^[:digit:]]/", "/a/", ["/a/"], "a POSIX class, negated around"],
  ["/[]a]/", "/]/", ["/]/"], "a ] that comes first is a member"],
  ["/(?<v>v\\d)/", "/v1/", ["/v1/", "v1"], "named groups"],
  ["/(?P<v>v\\d)/", "/v1/", ["/v1/", "v1"], "named groups, Python's way"],
  ["/a(?#comment)b", "/ab", ["/ab"], "comments"],
  ["/\\Qa.b\\E/", "/a.b/", ["/a.b/"], "quoted text"],
  ["/\\Qa.b\\E/", "/axb/", null, "quoted text is literal"],
  ["/a{x}", "/a{x}", ["/a{x}"], "a brace that is no quantifier"],
  ["/a\\x2fb", "/a/b", ["/a/b"], "bytes by number"],
  ["/\\s", "/\xa0", null, "\\s is ASCII white space only"],
  ["/(?!x)y", "/y", ["/y"], "look-ahead"],
  ["/(a)\\1", "/aa", ["/aa", "a"], "back-references"],
  ["/a|/b", "/x/b", ["/b"], "^ is anchored in the first alternative only, as in nginx"],
])("%s on %j gives %j: %s", (source, subject, expected) => {
  expect(captures(source, subject)).toEqual(expected);
});

test.each([
  ["/(?>a)", "atomic groups"],
  ["/a++", "possessive"],
  ["/a{2}+", "possessive"],
  ["/(?s).", "options inside"],
  ["/(*COMMIT)", "verbs"],
  ["/[[:nope:]]", "[:nope:]"],
  ["/(a", "group"],
  ["/a)", "unmatched"],
  ["/[a", "no `]`"],
  ["/a\\", "backslash"],
  ["/*a**", "nothing to repeat"],
  ["/\\Ka", "not understood"],
])("%s is refused, naming %s", (source, why) => {
  const compiled = compilePattern(source, "start");
  expect(compiled.kind).toBe("refused");
  expect(compiled.kind === "refused" && compiled.why.toLowerCase()).toContain(why.toLowerCase());
});

const HOSTILE: readonly (readonly [string, string])[] = [
  ["/(a+)+$", "a"],
  ["/(a|a)*$", "a"],
  ["/(a|aa)+$", "a"],
  ["/([a-z]+)*$", "a"],
  ["/(.*a){12}$", "a"],
  ["/(\\w+\\s?)*$", "a"],
  ["/((a*)*)*$", "a"],
  ["/(a?){40}a{40}$", "a"],
  ["/(.+)+b", "a"],
  ["/([^/]+/?)+$", "a"],
  ["/(a+a+)+$", "a"],
  ["/(x+x+)+y", "x"],
  ["/(.*)(.*)(.*)(.*)(.*)$", "a"],
  ["/.*.*.*.*=.*", "a"],
  ["/(\\d+)*(\\d+)*z", "1"],
  ["/(?:a|b|ab)*c", "ab"],
  ["/(a*)*\\1b", "a"],
  ["/(([a-z])+.)+[A-Z]([a-z])+$", "a"],
  ["/(?=(a+)+$)b", "a"],
  ["/(a{1,30}){1,30}$", "a"],
];

test.each(HOSTILE)("%s never holds the event loop for long", (source, letter) => {
  const compiled = compilePattern(source, "start");
  if (compiled.kind === "refused") throw new Error(compiled.why);
  compiled.pattern.exec("/warm-up");
  const started = process.cpuUsage();
  compiled.pattern.exec(`/${letter.repeat(4000 / letter.length)}!`);
  const used = process.cpuUsage(started);
  // Processor time of this process, so a busy machine does not matter; V8's watchdog is a thread of its own.
  expect((used.user + used.system) / 1000).toBeLessThan(50);
});

test("a match that runs away says so", () => {
  const compiled = compilePattern("/(a+)+$", "start");
  expect(compiled.kind === "compiled" && compiled.catastrophic).toBe(true);
  expect(captures("/(a+)+$", `/${"a".repeat(40)}!`)).toBe("too-complex");
});
