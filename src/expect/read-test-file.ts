import { UserError } from "../errors.ts";
import { type DocumentText, splitDocuments } from "../yaml/documents.ts";
import type { MapEntry, YamlNode } from "../yaml/node.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { cutText } from "./cut-text.ts";
import {
  type DocumentContext,
  lineIn,
  mapOf,
  plainValue,
  refuseAt,
  testFieldsOf,
  testListOf,
  textOf,
  textsAt,
  withVariables,
  writtenScalar,
} from "./fields.ts";
import { DOCUMENT_KEYS, TEST_KEYS, TEST_OPTION_KEYS } from "./keys.ts";
import { readExpectation } from "./read-expectation.ts";
import { readShortForm, readTestRequest } from "./read-request.ts";
import type { Expectation, RequestTest, TestDocument } from "./test-file.ts";
import { VARIABLE_NAME, type Variables } from "./variables.ts";

const EXAMPLE = "Write tests: [{request: GET http://shop.test/, expect: {service: web}}]";

/**
 * Reads the documents of a test file. `given`: variables that win over the file's.
 * @throws UserError `bad-test-file` for the first mistake, with file and line
 */
export function readTestFile(
  text: string,
  file: string,
  given: Variables = new Map(),
): { readonly documents: readonly TestDocument[]; readonly declared: ReadonlySet<string> } {
  const declared = new Set<string>();
  const documents = [...splitDocuments(text)].map((document) =>
    readDocument(document, file, given, declared),
  );
  if (documents.length > 0) return { documents, declared };
  throw new UserError("bad-test-file", `${file}:1: the file holds no tests.`, EXAMPLE);
}

function treeOf({ text, line }: DocumentText, file: string): YamlNode {
  const read = readYaml(text);
  if (!("message" in read)) return read;
  const lastLine = text.trimEnd().split("\n").length - 1;
  return refuseAt(
    { file, line },
    { line: Math.min(read.line, lastLine) },
    `${read.message}.`,
    "Correct the YAML.",
  );
}

function readDocument(
  document: DocumentText,
  file: string,
  given: Variables,
  declared: Set<string>,
): TestDocument {
  const tree = treeOf(document, file);
  const bare: DocumentContext = { file, line: document.line, variables: given };
  const fields = testFieldsOf(bare, tree, "a test file", DOCUMENT_KEYS);
  const variables = readVariables(bare, fields.get("variables"), given, declared);
  const context: DocumentContext = { ...bare, variables };
  const manifests = fields.get("manifests");
  return {
    file,
    manifests: manifests && {
      value: textsAt(context, manifests, "manifests"),
      line: lineIn(context, manifests),
    },
    options: new Map(
      TEST_OPTION_KEYS.flatMap((key) => {
        const entry = fields.get(key);
        return entry === undefined
          ? []
          : [[key, { value: plainValue(entry.value), line: lineIn(context, entry) }] as const];
      }),
    ),
    tests: readTests(context, fields.get("tests"), tree),
  };
}

function readVariables(
  context: DocumentContext,
  entry: MapEntry | undefined,
  given: Variables,
  declared: Set<string>,
): Variables {
  if (entry === undefined) return given;
  const variables = new Map<string, string>();
  for (const [name, { value, line }] of mapOf(context, entry.value, "variables").entries) {
    if (!VARIABLE_NAME.test(name))
      refuseAt(
        context,
        { line },
        `"${cutText(name)}" is no name of a variable.`,
        "A name has letters, digits, - and _: host.",
      );
    const scalar = writtenScalar(value);
    const isNumber = typeof scalar === "number" && Number.isInteger(scalar);
    // A value is no template.
    const literal = { ...context, variables: new Map() };
    const isText = typeof scalar === "string";
    variables.set(
      name,
      isNumber ? String(scalar) : isText ? scalar : textOf(literal, value, `the variable ${name}`),
    );
    declared.add(name);
  }
  return new Map([...variables, ...given]);
}

function readTests(
  context: DocumentContext,
  entry: MapEntry | undefined,
  tree: YamlNode,
): readonly RequestTest[] {
  if (entry === undefined) return refuseAt(context, tree, "the file has no tests.", EXAMPLE);
  const isEmpty = writtenScalar(entry.value) === null;
  const items = isEmpty ? [] : testListOf(context, entry, "tests", EXAMPLE);
  if (items.length === 0)
    return refuseAt(context, entry, "tests is empty, so that the file could not fail.", EXAMPLE);
  return items.flatMap((item) => readTest(context, item));
}

/** Requests of one test each become a test of their own. */
function readTest(context: DocumentContext, node: YamlNode): readonly RequestTest[] {
  const fields = testFieldsOf(context, node, "a test", TEST_KEYS);
  const named = fields.get("name");
  const name = named && textOf(context, named.value, "name");
  const host = hostAt(context, fields.get("host"));
  const expected = fields.get("expect");
  const expect = expected && readExpectation(context, expected.value);
  const forms = (["request", "requests", "paths"] as const).flatMap((key) => {
    const entry = fields.get(key);
    return entry === undefined ? [] : [{ key, entry }];
  });
  const [form, other] = forms;
  if (form === undefined)
    return refuseAt(
      context,
      node,
      "a test needs a request, requests or paths.",
      "Write request: GET http://shop.test/cart",
    );
  if (other !== undefined)
    return refuseAt(
      context,
      other.entry,
      `a test has either ${form.key} or ${other.key}.`,
      "Make two tests of them.",
    );
  if (form.key === "paths") return readPaths(context, form.entry, { name, host, expect });
  if (expect === undefined)
    return refuseAt(
      context,
      node,
      "a test needs expect.",
      "Write expect: {service: web}, or expect: {status: 404}.",
    );
  return requestsOf(context, form.key === "request", form.entry).map((request) => ({
    ...{ name, expect, line: lineIn(context, request) },
    request: readTestRequest(context, request, host),
  }));
}

function requestsOf(context: DocumentContext, isSingle: boolean, entry: MapEntry): readonly YamlNode[] {
  if (isSingle) return [entry.value];
  const items = testListOf(
    context,
    entry,
    "requests",
    "For a single one, write request: GET http://shop.test/",
  );
  return items.length > 0 ? items : refuseAt(context, entry, "requests is an empty list.");
}

const HOST = /^(?:https?:\/\/)?[^/?#\s]+$/i;

function hostAt(context: DocumentContext, entry: MapEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const host = textOf(context, entry.value, "host").replace(/\/$/, "");
  if (HOST.test(host)) return host;
  return refuseAt(
    context,
    entry.value,
    `"${cutText(host)}" is no host.`,
    "Write a host without a path: shop.test, or https://shop.test",
  );
}

/** A path's own expectations win over the test's. */
function readPaths(
  context: DocumentContext,
  { value, line }: MapEntry,
  {
    name,
    host,
    expect,
  }: { name?: string | undefined; host?: string | undefined; expect?: Expectation | undefined },
): readonly RequestTest[] {
  if (host === undefined)
    return refuseAt(context, { line }, "paths need a host.", "Add host: http://shop.test to the test.");
  const { entries } = mapOf(context, value, "paths", "Write paths: {/cart: {service: cart}}");
  if (entries.size === 0) return refuseAt(context, { line }, "paths is empty.");
  return [...entries].map(([key, entry]) => {
    const request = readShortForm(context, entry, withVariables(context, entry, key), host);
    if (!/^(?:\S+\s+)?\//.test(key.trim()))
      refuseAt(
        context,
        entry,
        `"${cutText(key)}" is no path.`,
        "Write a path, or METHOD and a path: POST /upload",
      );
    const isBare = writtenScalar(entry.value) === null && expect !== undefined;
    const own = isBare ? {} : readExpectation(context, entry.value);
    return { name, request, expect: { ...expect, ...defined(own) }, line: lineIn(context, entry) };
  });
}

function defined(expect: Expectation): Expectation {
  return Object.fromEntries(Object.entries(expect).filter(([, value]) => value !== undefined));
}
