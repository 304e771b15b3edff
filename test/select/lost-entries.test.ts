import { expect, test } from "vitest";
import type { RouteEntry, RouteMatch } from "../../src/model/route/selection.ts";
import { rankOrder } from "../../src/select/rank-order.ts";
import { select } from "../../src/select/select.ts";
import { idsOf, lookupOf } from "./lookup.ts";
import { entryOf } from "./tables.ts";

const ROOT: RouteMatch["path"] = { kind: "prefix-char", path: "/" };

type Row = readonly [id: string, rank: number, fate?: RouteEntry["fate"]];

/** What may answer a request that all entries match: the first is used. */
test.each<readonly [string, readonly Row[], readonly string[]]>([
  [
    "all are there",
    [
      ["a", 1],
      ["b", 2],
    ],
    ["a"],
  ],
  [
    "the first may be missing",
    [
      ["a", 1, "kept"],
      ["b", 2],
      ["c", 3],
    ],
    ["a", "b"],
  ],
  [
    "one that is not here may be there",
    [
      ["a", 1, "lost"],
      ["b", 2],
      ["c", 3],
    ],
    ["b", "a"],
  ],
  [
    "one behind a certain one does not count",
    [
      ["a", 1],
      ["b", 2, "kept"],
      ["c", 3, "lost"],
    ],
    ["a"],
  ],
  [
    "a tie of certain and uncertain",
    [
      ["a", 1, "kept"],
      ["b", 1],
      ["c", 2],
    ],
    ["a", "b"],
  ],
  [
    "none for certain",
    [
      ["a", 1, "kept"],
      ["b", 2, "lost"],
    ],
    ["a", "miss", "b"],
  ],
  ["none is here", [["a", 1, "lost"]], ["miss", "a"]],
])("%s", (_, rows, ids) => {
  const entries = rows.map(([id, rank, fate]) => ({ ...entryOf(id, { path: ROOT }, rank), fate }));
  const index = rankOrder(entries, { ties: "drawn" });
  const host = { name: "_", before: [], entries, index, miss: entryOf("miss", { path: { kind: "any" } }, 9) };
  const found = select(host, lookupOf("a.test", "/p"));
  expect(idsOf(found)).toEqual(ids);
});
