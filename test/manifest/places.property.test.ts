import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ParsedText } from "../../src/manifest/parse.ts";
import { createParseCache } from "../../src/manifest/parse-cache.ts";
import type { Resource } from "../../src/model/resource.ts";
import { atOnce } from "../../src/steps.ts";
import { splitDocuments } from "../../src/yaml/documents.ts";
import { readGeneralYaml } from "../../src/yaml/general-yaml.ts";
import { itemsAt, lineOfField, type YamlNode } from "../../src/yaml/node.ts";
import { plainSteps } from "../../src/yaml/yaml.ts";
import { parseManifest } from "../support/parse-manifest.ts";

/** Ways to write one thing; some are plain YAML, some only the general reader reads. */
const styles = <T extends string>(...written: readonly T[]) => fc.constantFrom(...written);
const comment = styles("", "# a comment\n", "\n", "  # further in\n\n");
const name = fc.constantFrom("a", "b", "web-1", "ünï-☃", "x.y");
const host = (at: string) =>
  styles(
    `${at}- host: a.test\n`,
    `${at}- # a host\n${at}  host: "b.test"\n`,
    `${at}-\n\n${at}  host: c.test\n`,
  );
const path = (at: string) =>
  styles(
    `${at}- {path: /a, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}\n`,
    `${at}- path: /b # b\n${at}  pathType: Exact\n${at}  backend:\n${at}    service:\n\n${at}      name: web\n${at}      port: {name: http}\n`,
    `${at}- pathType: Prefix\n${at}  path: no-slash\n${at}  backend: {}\n`,
    `${at}- pathType: !!str Prefix\n${at}  path: "/\\x63"\n${at}  backend: {resource: {kind: K, name: n}}\n`,
  );
const rule = fc
  .tuple(
    host("  "),
    styles("    http:\n      paths:\n", "    http: # paths\n\n      paths:\n"),
    fc.array(path("      "), { minLength: 1, maxLength: 3 }),
  )
  .map(([first, http, paths]) => `${first}${http}${paths.join("")}`);
const annotations = styles(
  "",
  "  annotations:\n    nginx.ingress.kubernetes.io/rewrite-target: /\n    a.b/c.d: |\n      one\n      two\n",
  "  annotations:\n    a.b: &x >-\n      one\n      two\n\n    c.d: *x\n",
  "  annotations: {a: b,\n    c.d/e: f}\n",
);
const ingress = fc
  .tuple(
    comment,
    name,
    annotations,
    comment,
    fc.array(rule, { minLength: 1, maxLength: 3 }),
    styles("", "kind: Ingress\n"),
  )
  .map(
    ([before, called, annotated, between, rules, again]) =>
      `${before}apiVersion: networking.k8s.io/v1\nkind: Ingress\n${again}metadata:\n  name: ${called}\n${annotated}${between}spec:\n  rules:\n${rules.join("")}`,
  );
const inList = (text: string) => {
  const [first, ...rest] = text.replace(/^(?:\s*#.*\n|\n)*/, "").split("\n");
  return `- ${first}\n${rest.map((line) => (line === "" ? "" : `  ${line}`)).join("\n")}`;
};
const list = fc
  .array(ingress, { minLength: 1, maxLength: 3 })
  .map((items) => `apiVersion: v1\nkind: List\nitems:\n${items.map(inList).join("\n")}\n`);
const other = styles(
  "# only a comment\n",
  "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ports: [{port: 80},\n    {port: 0}]\n",
  "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\n",
  "kind: Ingress\nmetadata: {name: broken\n",
  "hello: there\nspec:\n- no kind\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: &d {a: b}\nmore: *d\n",
  "metadata: {name: {{ .Values.name }}}\nkind: Ingress\n",
);
const document = fc.oneof(
  { weight: 4, arbitrary: ingress },
  { weight: 1, arbitrary: list },
  { weight: 2, arbitrary: other },
);

/** Every path of a tree, as the API server writes it, with a key that is not there. */
function pathsOf(node: YamlNode, path = ""): readonly string[] {
  if (node.kind === "scalar") return [path];
  if (node.kind === "list")
    return [path, ...node.items.flatMap((item, at) => pathsOf(item, `${path}[${at}]`)), `${path}[99].x`];
  const below = [...node.entries].flatMap(([key, { value }]) => [
    ...pathsOf(value, path === "" ? key : `${path}.${key}`),
    ...pathsOf(value, `${path}[${key}]`).slice(0, 1),
  ]);
  return [path, ...below, `${path}.absent`];
}

function treeOf(text: string): YamlNode | undefined {
  const read = atOnce(plainSteps(text));
  const tree = "general" in read ? readGeneralYaml(read.general) : read;
  return "message" in tree ? undefined : tree;
}

/** The objects of a file's documents with their trees, in order. */
function treesOf(text: string) {
  return [...splitDocuments(text)].flatMap(({ text: written, line, index }) => {
    const tree = treeOf(written);
    if (tree === undefined) return [];
    const objects = tree.kind === "map" && tree.entries.has("items") ? itemsAt(tree, "items") : [tree];
    return objects.map((object) => ({ object, line, index }));
  });
}

const pathsOfIngress = (resource: Resource) =>
  resource.kind === "Ingress" ? resource.spec.rules.flatMap(({ paths }) => paths ?? []) : [];
const nameOf = ({ kind, metadata }: Resource) => `${kind} ${metadata.name}`;
const linesOf = ({ origin }: Resource, paths: readonly string[]) => [
  origin.document,
  origin.line,
  ...paths.map((path) => origin.lineOf(path)),
];

test("the line of each field, made when it is asked for, is the tree's", () => {
  fc.assert(
    fc.property(fc.array(document, { maxLength: 4 }), (documents) => {
      const text = documents.join("---\n");
      const trees = treesOf(text);
      for (const resource of parseManifest(text, "a.yaml").resources) {
        const { document: index, line } = resource.origin;
        const written = trees.find(
          ({ object, line: first, index: at }) => at === index && first + object.line === line,
        );
        if (written === undefined) throw new Error(`${nameOf(resource)} is at no document's line`);
        const paths = pathsOf(written.object);
        const expected = paths.map((path) => written.line + lineOfField(written.object, path));
        expect(linesOf(resource, paths)).toEqual([index, line, ...expected]);
        for (const path of pathsOfIngress(resource))
          expect(line + (path.lineBelow ?? 0)).toBe(resource.origin.lineOf(path.field));
      }
    }),
    { numRuns: 100 },
  );
});

/** What a save does to a file's documents. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant("insert"), at: fc.nat(9), text: document }),
  fc.record({ kind: fc.constant("remove"), at: fc.nat(9) }),
  fc.record({ kind: fc.constant("repeat"), at: fc.nat(9), from: fc.nat(9) }),
  fc.record({ kind: fc.constant("move"), at: fc.nat(9), from: fc.nat(9) }),
  fc.record({ kind: fc.constant("replace"), at: fc.nat(9), text: document }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(documents: readonly string[], change: Edit): readonly string[] {
  const { at } = change;
  if ("from" in change) {
    const moved = documents[change.from];
    if (moved === undefined) return documents;
    const rest = change.kind === "move" ? documents.toSpliced(change.from, 1) : documents;
    return rest.toSpliced(at, 0, moved);
  }
  if ("text" in change) return documents.toSpliced(at, change.kind === "replace" ? 1 : 0, change.text);
  return documents.toSpliced(at, 1);
}

const FIELDS = ["", "metadata.name", "spec.rules[0].http.paths[1].path", "annotations.a.b", "spec.rules[1]"];

function told(parsed: ParsedText) {
  const { resources, problems, refused, unclear, passedOver } = parsed;
  return {
    resources: resources.map((resource) => [nameOf(resource), linesOf(resource, FIELDS)]),
    problems,
    refused,
    unclear: unclear.map(({ problem, ...rest }) => ({ ...rest, problem: problem() })),
    passedOver,
  };
}

describe("a file that is saved again and again", () => {
  test("tells what a first reading of it tells, and the objects of unchanged documents stay the same", () => {
    fc.assert(
      fc.property(fc.array(document, { maxLength: 6 }), fc.array(edit, { maxLength: 6 }), (first, edits) => {
        const cache = createParseCache();
        let documents: readonly string[] = first;
        let text = documents.join("---\n");
        let objects = objectsByText(text, parseManifest(text, "a.yaml", cache));
        for (const change of edits) {
          const before = objects;
          documents = edited(documents, change);
          text = documents.join("---\n");
          const parsed = parseManifest(text, "a.yaml", cache);
          expect(told(parsed)).toEqual(told(parseManifest(text, "a.yaml")));
          objects = objectsByText(text, parsed);
          for (const [written, now] of objects)
            for (const [at, object] of now.entries())
              expect(object).toBe(before.get(written)?.[at] ?? object);
        }
      }),
      { numRuns: 80 },
    );
  });
});

/** The objects of each document, by its text: equal documents in their order. */
function objectsByText(text: string, { resources }: ParsedText): ReadonlyMap<string, readonly Resource[]> {
  const objects = new Map<string, Resource[]>();
  for (const { text: written, index } of splitDocuments(text)) {
    const own = resources.filter(({ origin }) => origin.document === index);
    objects.set(written, [...(objects.get(written) ?? []), ...own]);
  }
  return objects;
}
