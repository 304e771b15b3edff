import { expect, test } from "vitest";
import { excerptLines } from "../../../src/cli/check/excerpt.ts";
import { columnsOf } from "../../../ui/width.ts";

/** The lines for a field that is marked by `«` and `»` in its line. */
function excerpt(marked: string, colour: "always" | "never" = "never"): readonly string[] {
  const from = marked.indexOf("«");
  const to = marked.indexOf("»") - 1;
  const text = marked.replace("«", "").replace("»", "");
  const columns = from < 0 ? undefined : { from, to };
  return excerptLines({ line: 12, text, columns, level: "warning" }, colour);
}

test.each<[string, string, readonly string[]]>([
  ["a field", "      - «path»: /cart", ["   12 |       - path: /cart", "      |         ^^^^"]],
  ["no field", "a: [b", ["   12 | a: [b"]],
  ["a blank line", "   ", []],
  ["tabs", "\ta:\t«b»: c", ["   12 |     a:    b: c", "      |           ^"]],
  ["wide letters", "日本: {«名»: é}", ["   12 | 日本: {名: é}", "      |        ^^"]],
  [
    "what a terminal obeys",
    "a: \x1b[31m\u202e«b»: c\r",
    ["   12 | a: \\x1b[31m\\u202eb: c\\x0d", "      |                  ^"],
  ],
  ["an empty field", "a: «»", ["   12 | a: ", "      |    ^"]],
  [
    "a letter of two units that is whole",
    `${"x".repeat(161)}😀${"y".repeat(39)}«key»: z`,
    [`   12 | …😀${"y".repeat(39)}key: z`, `      | ${" ".repeat(42)}^^^`],
  ],
])("an excerpt of %s", (_, marked, lines) => expect(excerpt(marked)).toEqual(lines));

test.each([
  ["at its end", 5_000_000, 0],
  ["at its start", 0, 5_000_000],
  ["in its middle", 300, 300],
  ["just fits", 90, 30],
])("a long line with a field %s is cut, and the carets stay below the field", (_, before, after) => {
  const [quoted = "", carets = ""] = excerpt(`${"x".repeat(before)} «key»: ${"y".repeat(after)}`);
  expect(quoted.slice(carets.indexOf("^"), carets.lastIndexOf("^") + 1)).toBe("key");
  expect(columnsOf(quoted)).toBeLessThanOrEqual(8 + 100);
});

test("carets under a field that is longer than what is shown stay within it", () => {
  const [quoted = "", carets = ""] = excerpt(`a: {«${"x".repeat(10_000)}»: y}`);
  expect(columnsOf(carets)).toBeLessThanOrEqual(columnsOf(quoted));
});

test("only the carets have the level's colour", () =>
  expect(excerpt("a: «b»", "always")).toEqual(["   12 | a: b", "      |    \x1b[33m^\x1b[39m"]));
