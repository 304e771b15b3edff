import fc from "fast-check";
import { expect, test } from "vitest";
import type { PathMatch } from "../../src/model/route/selection.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { wildcardOf } from "../../src/request/host.ts";
import { findVirtualHost } from "../../src/select/host.ts";
import { select } from "../../src/select/select.ts";
import { idsOf, lookupOf } from "./lookup.ts";
import { hostsForm, listForm, type Rule } from "./tables.ts";

/** Random rules in both forms of selection, beside a reference that scans every rule in its own way. */

const PATHS = ["/", "/a", "/A", "/a/", "/a/b", "/a/b/", "/ab", "/b", "/b/a/a"];
const NAMES = ["a.test", "b.test", "x.a.test", "y.a.test", "x.y.a.test", "test", "c"];
const METHODS = ["GET", "POST"];

const pattern = (source: string): PathMatch => {
  const compiled = compilePattern(source, "start", "exact case");
  if (compiled.kind === "refused") throw new Error(compiled.why);
  return { kind: "pattern", pattern: compiled.pattern, path: source, exact: false };
};
const plain = fc.record({
  kind: fc.constantFrom("exact", "prefix-element", "prefix-char" as const),
  path: fc.constantFrom(...PATHS),
  fold: fc.constantFrom(undefined, undefined, true),
});
const path: fc.Arbitrary<PathMatch> = fc.oneof(
  { weight: 8, arbitrary: plain as fc.Arbitrary<PathMatch> },
  { weight: 2, arbitrary: fc.constantFrom("/a", "/.*b", "/[ab]/").map(pattern) },
  { weight: 1, arbitrary: fc.constant<PathMatch>({ kind: "any" }) },
);
const rules: fc.Arbitrary<readonly Rule[]> = fc.array(
  fc.record({
    host: fc.constantFrom("", "a.test", "b.test", "x.a.test", "*.a.test", "*.test"),
    path,
    rank: fc.integer({ min: 0, max: 9 }),
    when: fc.option(fc.constantFrom(...METHODS).map(methodIs), { nil: undefined, freq: 3 }),
  }),
  { maxLength: 30 },
);
const asked = fc.record({
  name: fc.constantFrom(...NAMES),
  path: fc.constantFrom(...PATHS),
  method: fc.constantFrom(...METHODS),
});
type Asked = typeof asked extends fc.Arbitrary<infer T> ? T : never;

function methodIs(method: string): NonNullable<Rule["when"]> {
  return { kind: "method", methods: new Set([method]) };
}

function covers(match: PathMatch, path: string): boolean {
  if (match.kind === "any") return true;
  if (match.kind === "pattern") return new RegExp(`^(?:${match.path})`).test(path);
  const [own, sent] = match.fold ? [match.path.toLowerCase(), path.toLowerCase()] : [match.path, path];
  if (match.kind === "exact") return own === sent;
  if (match.kind === "prefix-char") return sent.slice(0, own.length) === own;
  const elements = own.replace(/\/$/, "").split("/");
  return elements.every((element, at) => sent.split("/")[at] === element);
}

/** The matching rules by path and method with the lowest rank. */
function lowest(rules: readonly Rule[], of: (host: string) => boolean, asked: Asked): readonly string[] {
  const held = [...rules.entries()].filter(
    ([, { host, path, when }]) =>
      of(host) &&
      covers(path, asked.path) &&
      (when === undefined || (when.kind === "method" && when.methods.has(asked.method))),
  );
  const rank = Math.min(...held.map(([, rule]) => rule.rank));
  return held.filter(([, rule]) => rule.rank === rank).map(([at]) => String(at));
}

function ask(
  selection: Parameters<typeof findVirtualHost>[0],
  { name, path, method }: Asked,
): readonly string[] {
  return idsOf(select(findVirtualHost(selection, name), lookupOf(name, path, { method })));
}

test("one list: the lowest rank of all that hold, ties in their order or all of them", () => {
  fc.assert(
    fc.property(rules, fc.array(asked, { minLength: 1, maxLength: 8 }), (rules, requests) => {
      const [first, drawn] = [listForm(rules), listForm(rules, "drawn")];
      for (const request of requests) {
        const { name } = request;
        const isOf = (host: string) => host === "" || host === name || host === wildcardOf(name);
        const expected = lowest(rules, isOf, request);
        expect(ask(first, request)).toEqual(expected.length === 0 ? ["miss"] : expected.slice(0, 1));
        expect(ask(drawn, request)).toEqual(expected.length === 0 ? ["miss"] : expected);
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  "answer",
  "next host",
  "any host",
] as const)("host first, and where it has nothing: %s", (onMiss) => {
  fc.assert(
    fc.property(rules, fc.array(asked, { minLength: 1, maxLength: 8 }), (rules, requests) => {
      const selection = hostsForm(rules, onMiss);
      const known = new Set(rules.map(({ host }) => host));
      for (const request of requests) {
        const { name } = request;
        const fitting = [name, wildcardOf(name)].filter((host) => host !== undefined && known.has(host));
        const hosts = onMiss === "next host" ? [...fitting, ""] : [fitting[0] ?? ""];
        if (onMiss === "any host") hosts.push("");
        const [expected = ["miss"]] = hosts
          .map((host) => lowest(rules, (other) => other === host, request))
          .filter((found) => found.length > 0);
        expect(ask(selection, request)).toEqual(expected.slice(0, 1));
      }
    }),
    { numRuns: 300 },
  );
});

test("both forms agree where ranks put specific hosts first", () => {
  const specific = (host: string) => (host === "" ? 200 : host.startsWith("*.") ? 100 : 0);
  fc.assert(
    fc.property(rules, fc.array(asked, { minLength: 1, maxLength: 8 }), (rules, requests) => {
      const ranked = rules.map((rule) => ({ ...rule, rank: rule.rank + specific(rule.host) }));
      const [list, hosts] = [listForm(ranked), hostsForm(ranked, "next host")];
      for (const request of requests) expect(ask(list, request)).toEqual(ask(hosts, request));
    }),
    { numRuns: 300 },
  );
});
