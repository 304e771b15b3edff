import type { Condition } from "../../model/route/selection.ts";
import { goQuote } from "../../request/go-text.ts";
import { textAsBytes } from "../../request/utf8.ts";
import type { Canary } from "./canaries.ts";
import { type RouterRule, re2Of, type Unbuilt } from "./matching.ts";

interface Test {
  readonly text: string;
  readonly condition: Condition;
}

/** The rule of the router that always leads to the canary; `undefined`: weights alone decide. */
export function alwaysRule(rule: RouterRule, canary: Canary): RouterRule | Unbuilt | undefined {
  const tests: Test[] = [];
  const { header, value, pattern, cookie } = canary;
  if (header !== "") {
    const test =
      value === "" && pattern !== "" ? headerPattern(header, pattern) : headerIs(header, value || "always");
    if ("why" in test) return test;
    tests.push(test);
  }
  if (cookie !== "") tests.push(cookieAlways(canary));
  return tests.length === 0 ? undefined : withTests(rule, tests);
}

/** The rule of the router that never does, where a weight would draw. */
export function neverRule(rule: RouterRule, canary: Canary): RouterRule | undefined {
  const { header, cookie, weight } = canary;
  if (weight <= 0) return undefined;
  const tests: Test[] = [];
  if (isPlain(canary)) tests.push(headerIs(header, "never"));
  if (cookie !== "") tests.push(cookieIs(cookie, "never"));
  return tests.length === 0 ? undefined : withTests(rule, tests);
}

/** `canary-by-header` alone, which knows `always` and `never`. */
function isPlain({ header, value, pattern }: Canary): boolean {
  return header !== "" && value === "" && pattern === "";
}

function withTests({ text, match }: RouterRule, tests: readonly Test[]): RouterRule {
  const when: Condition = { kind: "one-of", of: tests.map(({ condition }) => condition) };
  return {
    text: `(${text}) && (${tests.map((test) => test.text).join(" || ")})`,
    match: { ...match, when },
  };
}

function headerIs(name: string, value: string): Test {
  return {
    text: `Header(${goQuote(name)}, ${goQuote(value)})`,
    condition: {
      kind: "header",
      name: name.toLowerCase(),
      value: { kind: "is", text: textAsBytes(value) },
    },
  };
}

function headerPattern(name: string, source: string): Test | Unbuilt {
  const pattern = re2Of(source);
  if ("why" in pattern) return { ...pattern, annotation: "canary-by-header-pattern" };
  return {
    text: `HeaderRegexp(${goQuote(name)}, ${goQuote(source)})`,
    condition: { kind: "header", name: name.toLowerCase(), value: { kind: "pattern", pattern } },
  };
}

/** A header of `never` wins over the cookie. */
function cookieAlways(canary: Canary): Test {
  const test = cookieIs(canary.cookie, "always");
  if (!isPlain(canary)) return test;
  const never = headerIs(canary.header, "never");
  return {
    text: `(${test.text} && !${never.text})`,
    condition: { kind: "all", of: [test.condition, { kind: "not", of: never.condition }] },
  };
}

function cookieIs(name: string, value: string): Test {
  const source = `(^|;\\s*)${quotedMeta(name)}=${value}(;|$)`;
  const test = headerPattern("Cookie", source);
  if ("why" in test) throw new Error(`a quoted name is always an expression: ${test.why}`);
  return test;
}

/** regexp.QuoteMeta. */
function quotedMeta(text: string): string {
  return text.replace(/[\\.+*?()|[\]{}^$]/g, "\\$&");
}
