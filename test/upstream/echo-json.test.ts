import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonText, jsonTexts } from "../../src/upstream/echo/json.ts";

const TEXTS = ["", " ", "plain", '"', "\\", "/", "\x00\x1f\x7f\n", "caf\u00e9", "\u2028\ud800", "]^_`{|}~!#"];

test.each(TEXTS)("%j is written as JSON.stringify writes it", (text) => {
  expect(jsonText(text)).toBe(JSON.stringify(text));
  expect(jsonTexts(new Map([["x", text]]))).toBe(JSON.stringify({ x: text }));
});

test.each([
  [[]],
  [["b", "a"]],
  [["b", "10", "9", "a", "01", "1x"]],
  [["b", "99"]],
  [["__proto__", "constructor", "toString", "toJSON"]],
])("objects with %j are written as JSON.stringify writes them", (names) => {
  const texts = new Map(names.map((name, at) => [name, String(at)]));
  expect(jsonTexts(texts)).toBe(JSON.stringify(Object.fromEntries(texts)));
});

test("any other object too", () => {
  const name = fc.oneof(fc.string(), fc.nat(200).map(String), fc.string({ unit: "binary" }));
  const texts = fc.array(fc.tuple(name, fc.string({ unit: "binary" })));
  fc.assert(
    fc.property(texts, (lines) => {
      expect(jsonTexts(new Map(lines))).toBe(JSON.stringify(Object.fromEntries(lines)));
    }),
  );
});
