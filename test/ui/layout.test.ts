import { expect, test } from "vitest";
import { share } from "../../ui/columns.ts";
import { PANES } from "../../ui/dashboard-state.ts";
import { layout, shown } from "../../ui/layout.ts";
import { columnsOf, cut, fitted, wrapped } from "../../ui/width.ts";
import { processorTime } from "../support/processor-time.ts";

test("every line of every screen is given to exactly one part", () => {
  for (let rows = 1; rows <= 200; rows++)
    for (const view of PANES)
      for (const routes of [0, 1, 4, 50, 20_000])
        for (const problems of [0, 1, 30]) {
          const parts = Object.values(layout(rows, { header: 3, routes, problems, view }));
          expect(
            parts.every((lines) => lines >= 0),
            JSON.stringify([rows, view, routes, problems]),
          ).toBe(true);
          expect(parts.reduce((sum, lines) => sum + lines, 0)).toBe(rows);
        }
});

test.each([
  // rows, routes, problems, view      header, routes, hits, problems, footer
  [24, 4, 0, "hits", [3, 5, 15, 0, 1]],
  [24, 4, 2, "hits", [3, 5, 12, 3, 1]],
  [24, 40, 9, "hits", [3, 8, 7, 5, 1]],
  [24, 40, 9, "routes", [3, 12, 3, 5, 1]],
  [24, 40, 9, "problems", [3, 8, 3, 9, 1]],
  [24, 0, 0, "problems", [3, 2, 16, 2, 1]],
  [13, 40, 9, "routes", [2, 10, 0, 0, 1]],
  [4, 4, 0, "hits", [1, 0, 2, 0, 1]],
  [1, 4, 0, "hits", [0, 0, 1, 0, 0]],
] as const)("%i rows, %i routes, %i problems, keys in %s: %j", (rows, routes, problems, view, parts) => {
  const { header, hits, footer, ...rest } = layout(rows, { header: 3, routes, problems, view });
  expect([header, rest.routes, hits, rest.problems, footer]).toEqual(parts);
});

test.each([
  // length, selected, height, end       from, to
  [5, 4, 10, "last", [0, 5]],
  [100, 99, 10, "last", [90, 100]],
  [100, 97, 10, "last", [90, 100]],
  [100, 50, 10, "last", [45, 55]],
  [100, 0, 10, "last", [0, 10]],
  [100, 0, 10, "first", [0, 10]],
  [100, 50, 10, "first", [45, 55]],
  [100, 99, 10, "first", [90, 100]],
  [3, 2, 10, "first", [0, 3]],
  [0, -1, 10, "first", [0, 0]],
  [0, -1, 10, "last", [0, 0]],
  [9, 5, 0, "last", [0, 0]],
] as const)("of %i lines, the %i. selected, %i are shown from the %s: %j", (length, selected, height, end, part) => {
  expect(shown(length, selected, height, end)).toEqual(part);
});

test.each([
  [[10, 5], 20, [10, 5]],
  [[10, 5], 15, [10, 5]],
  [[10, 5], 12, [7, 5]],
  [[10, 10, 1], 11, [5, 5, 1]],
  [[10, 10], 0, [0, 0]],
  [[10, 10], -5, [0, 0]],
  [[], 5, []],
])("%j in %i columns: %j", (needs, available, given) => expect(share(needs, available)).toEqual(given));

test.each([
  // text, columns of it
  ["abc", 3],
  ["日本", 4],
  ["e\u0301", 1],
  ["👍", 2],
  ["🇩🇪", 2],
  ["… → ─", 5],
  ["", 0],
])("%s takes %i columns", (text, columns) => expect(columnsOf(text)).toBe(columns));

test.each([
  ["abc", 3, "abc"],
  ["abcd", 3, "ab…"],
  ["日本語", 6, "日本語"],
  ["日本語", 5, "日本…"],
  ["日本語", 4, "日…"],
  ["日本語", 1, "…"],
  ["e\u0301e\u0301e\u0301", 2, "e\u0301…"],
  ["👍👍", 3, "👍…"],
  ["abc", 0, ""],
  ["abc", -1, ""],
  ["", 5, ""],
])("%s cut to %i columns is %s", (text, columns, result) => expect(cut(text, columns)).toBe(result));

test.each([
  ["a".repeat(1e6), 80],
  [`a${"\u0301".repeat(1e6)}`, 80],
  ["日".repeat(1e6), 81],
])("a million characters (%#) are cut and wrapped without measuring them all again and again", (text, columns) => {
  expect(columnsOf(cut(text, columns))).toBeLessThanOrEqual(columns);
  const spent = processorTime();
  expect(columnsOf(fitted(text, columns))).toBe(columns);
  expect(spent()).toBeLessThan(1000);
});

test.each([
  ["ab", 4, "left", "ab  "],
  ["ab", 4, "right", "  ab"],
  ["日本", 3, "left", "日…"],
  ["日本", 2, "left", "… "],
  ["ab", 0, "left", ""],
] as const)("%s filled up to %i at the %s", (text, columns, side, result) => {
  expect(fitted(text, columns, side)).toBe(result);
});

test.each([
  ["one two three", 9, ["one two", "three"]],
  ["one two three", 7, ["one two", "three"]],
  ["  one two three", 9, ["  one two", "  three"]],
  ["abcdefgh", 3, ["abc", "def", "gh"]],
  ["日本語", 4, ["日本", "語"]],
  ["日本", 1, ["日", "本"]],
  ["", 5, [""]],
  ["   ", 5, [""]],
  ["ab", 0, ["a", "b"]],
])("%j in lines of %i: %j", (text, columns, lines) => expect(wrapped(text, columns)).toEqual(lines));
