import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { CONTROLLER_NAMES } from "../../src/compile/controllers.ts";
import { DOCUMENT_KEYS, EXPECTATION_KEYS, REQUEST_KEYS, TEST_KEYS } from "../../src/expect/keys.ts";
import { runHere } from "../cli/in-process.ts";

const ROOT = join(import.meta.dirname, "../..");
const schema = JSON.parse(readFileSync(join(ROOT, "schema/test-file.schema.json"), "utf8"));
const validate = new Ajv({ allowUnionTypes: true, strictRequired: false }).compile(schema);

const { test: ofTest, request, expectation } = schema.definitions;

test.each([
  ["a file", DOCUMENT_KEYS, schema],
  ["a test", TEST_KEYS, ofTest],
  ["a request", REQUEST_KEYS, request.anyOf[1]],
  ["expect", EXPECTATION_KEYS, expectation.anyOf[2]],
])("the schema has the keys of %s and no others, each with words for editors", (_, keys, of) => {
  expect(Object.keys(of.properties).sort()).toEqual([...keys].sort());
  expect(of.additionalProperties).toBe(false);
  for (const property of Object.values<{ description?: string }>(of.properties))
    expect(property.description?.length).toBeGreaterThan(5);
});

test("the schema knows every controller", () =>
  expect(schema.properties.controller.enum).toEqual(CONTROLLER_NAMES));

/** Test files of examples and pages. `mistake` is one on purpose. */
const files = ["examples", "docs"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.yaml"))
    .map((name) => join(ROOT, folder, name)),
);

test.each(files)("the schema takes what the reader takes: %s", (file) => {
  for (const document of parseAllDocuments(readFileSync(file, "utf8"))) {
    expect(validate(document.toJS())).toBe(!file.includes("mistake"));
  }
});

test("the schema takes every form that docs/test.md shows", () => {
  const page = readFileSync(join(ROOT, "docs/test.md"), "utf8");
  const [, shown = ""] = /```yaml\n(# ingress-dev test file\n[\s\S]*?)```/.exec(page) ?? [];
  validate(parse(shown));
  expect(validate.errors).toBe(null);
});

/**
 * Mistakes that a schema cannot know: of YAML itself, of variables, of texts with a syntax of their own. Two words that mean
 * one thing are in the schema by `oneOf` and `not`.
 */
const BEYOND =
  /empty$|path without an expectation|only a comment|twice|URL|a method with a slip|without a host|header of two lines|client that|variable|alias|anchor|tab$|broken|control|standard input|second document|exact that is a text/;

const mistakes = readFileSync(join(import.meta.dirname, "bad-input.case"), "utf8")
  .split(/^=== /m)
  .slice(1)
  .map((section) => {
    const [name = "", ...lines] = section.trimEnd().split("\n");
    return { name, text: lines.slice(0, -1).join("\n") };
  })
  .filter(({ name }) => !BEYOND.test(name));

test("there are mistakes for the schema", () => expect(mistakes.length).toBeGreaterThan(30));

test.each(mistakes)("the schema refuses what the reader refuses: $name", ({ text }) =>
  expect(validate(parse(text))).toBe(false));

test("test --schema prints the schema of the package", async () => {
  const { code, stdout } = await runHere(["test", "--schema"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(schema);
});
