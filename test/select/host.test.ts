import { expect, test } from "vitest";
import type { HostTable, VirtualHost } from "../../src/model/route/selection.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { findVirtualHost, isCovered } from "../../src/select/host.ts";
import { virtualHost } from "./tables.ts";

const named = (...names: readonly string[]): ReadonlyMap<string, VirtualHost> =>
  new Map(names.map((name) => [name, virtualHost(name, [])]));

function pattern(source: string) {
  const compiled = compilePattern(source, "anywhere");
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return compiled.pattern;
}

const HOSTS: HostTable = {
  exact: named("a.test", "x.a.test"),
  suffix: named(".long.test", ".very.long.test"),
  prefix: named("shop.", "shop.of."),
  oneLabel: named("*.a.test", "*.z.test"),
  patterns: [{ pattern: pattern("^[xy]"), host: virtualHost("m.test", []) }],
  any: virtualHost("_", []),
  star: "word",
};

test.each([
  ["a.test", "a.test"],
  ["x.a.test", "x.a.test"],
  ["w.a.test", "*.a.test"],
  ["w.w.a.test", "_"],
  ["a.b.long.test", ".long.test"],
  ["a.very.long.test", ".very.long.test"],
  ["long.test", "_"],
  ["shop.com", "shop."],
  ["shop.of.com", "shop.of."],
  ["shop.", "_"],
  // `*.a.test` comes before `m.test`, `*.z.test` does not: nginx tries expressions in name order.
  ["y.a.test", "*.a.test"],
  ["y.other.test", "m.test"],
  ["nobody.test", "_"],
  ["", "_"],
])("%s belongs to %s", (name, host) =>
  expect(findVirtualHost({ kind: "hosts", hosts: HOSTS }, name).name).toBe(host));

test("a list over all hosts has one virtual host for every name", () => {
  const host = virtualHost("*", []);
  expect(findVirtualHost({ kind: "list", host }, "a.test")).toBe(host);
});

test.each([
  [{ kind: "exact", name: "a.test" }, ["a.test"], ["x.a.test", ""]],
  [{ kind: "one-label", name: "*.a.test" }, ["x.a.test"], ["a.test", "x.x.a.test"]],
  [{ kind: "suffix", name: "*.a.test" }, ["x.a.test", "x.x.a.test"], ["a.test", ".a.test", "xa.test"]],
  [{ kind: "pattern", pattern: pattern("^x") }, ["x.a.test"], ["a.test"]],
] as const)("%j covers %j, not %j", (match, covered, others) => {
  for (const name of covered) expect(isCovered(name, match, "some")).toBe(true);
  for (const name of others) expect(isCovered(name, match, "some")).toBe(false);
});

test.each([
  ["word", "x_1.a.test", true],
  ["word", "ü.a.test", false],
  ["some", "ü.a.test", true],
  ["some", ".a.test", false],
  ["none", ".a.test", true],
] as const)("a star that stands for %s: %s (%s)", (star, name, covered) =>
  expect(isCovered(name, { kind: "one-label", name: "*.a.test" }, star)).toBe(covered));
