import { expect, test } from "vitest";
import type { HostMatch, RouteMatch } from "../../src/model/route/selection.ts";
import { compilePattern } from "../../src/pcre/pattern.ts";
import { rankOrder } from "../../src/select/rank-order.ts";
import { idsOf, lookupOf } from "./lookup.ts";
import { entryOf } from "./tables.ts";

const compiled = compilePattern("^[xy]\\.", "anywhere");
if (compiled.kind === "refused") throw new Error(compiled.why);
const XY: HostMatch = { kind: "pattern", pattern: compiled.pattern };
const A: HostMatch = { kind: "exact", name: "a.test" };
const BELOW: HostMatch = { kind: "suffix", name: "*.test" };
const ROOT: RouteMatch["path"] = { kind: "prefix-element", path: "/" };

type Row = readonly [id: string, hosts: readonly HostMatch[] | undefined, rank: number];
const index = (rows: readonly Row[], ties: "first" | "drawn" = "first") =>
  rankOrder(
    rows.map(([id, hosts, rank]) => entryOf(id, { hosts, path: ROOT }, rank)),
    { ties },
  );
const ask = (found: ReturnType<typeof index>, name: string) => idsOf(found.find(lookupOf(name, "/p")));

test.each([
  ["a host that is an expression is asked", [["xy", [XY], 1] as const], "x.test", ["xy"]],
  ["and does not cover others", [["xy", [XY], 1] as const], "a.test", []],
  ["one of several hosts is enough", [["both", [A, XY], 1] as const], "a.test", ["both"]],
  ["at each of its hosts", [["both", [A, BELOW], 1] as const], "b.c.test", ["both"]],
  ["no host covers none", [["none", [], 1] as const], "a.test", []],
  [
    "a wildcard of many labels before an exact host by rank",
    [["exact", [A], 2] as const, ["below", [BELOW], 1] as const],
    "a.test",
    ["below"],
  ],
])("%s", (_, rows, name, ids) => expect(ask(index(rows), name)).toEqual(ids));

test("ties over several hosts are named in their order, each entry once", () => {
  const rows: readonly Row[] = [
    ["first", undefined, 1],
    ["second", [A, BELOW], 1],
    ["third", [XY], 1],
    ["later", undefined, 2],
  ];
  expect(ask(index(rows, "drawn"), "a.test")).toEqual(["first", "second"]);
  expect(ask(index(rows, "drawn"), "x.test")).toEqual(["first", "second", "third"]);
  expect(ask(index(rows), "a.test")).toEqual(["first"]);
});

test("an expression that gives up ends the search, unless a lower rank holds", () => {
  const slow = { source: "slow", exec: () => "too-complex" as const };
  const at = (rank: number) =>
    rankOrder([
      entryOf("plain", { path: ROOT }, 1),
      entryOf("slow", { path: { kind: "pattern", pattern: slow, path: "slow", exact: false } }, rank),
    ]);
  expect(ask(at(0), "a.test")).toEqual(["too complex slow"]);
  expect(ask(at(2), "a.test")).toEqual(["plain"]);
});
