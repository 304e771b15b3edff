import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ColumnFinder } from "../../../src/cli/check/columns.ts";
import { SourceFile } from "../../../src/cli/check/source-file.ts";
import type { Problem } from "../../../src/model/problem.ts";
import { readOffsets } from "../../../src/yaml/general-yaml.ts";
import { nearestField } from "../../../src/yaml/node.ts";
import { parseManifest } from "../../support/parse-manifest.ts";
import { runHere } from "../in-process.ts";

const HEAD = "apiVersion: networking.k8s.io/v1\nkind: Ingress\n";
const BACKEND = "backend: {service: {name: web, port: {number: 80}}}";

/** `LINE:COLUMN TEXT` of the problem with a code. */
async function placeOf(code: string, text: string, controller = "ingress-nginx"): Promise<string> {
  const { stdout } = await runHere(["check", "-", "-o", "json", "--controller", controller], { input: text });
  const problems: readonly Problem[] = JSON.parse(stdout).problems;
  const found = problems.find((problem) => problem.code === code);
  if (found === undefined) return `no ${code}, but ${problems.map((problem) => problem.code).join()}`;
  const { line = 0, column } = found;
  if (column === undefined) return `${line}`;
  const source = text.replace(/^\uFEFF/, "").split(/\r?\n/)[line - 1] ?? "";
  return `${line}:${column} ${/^["']?[\w./-]+["']?|^./.exec(source.slice(column - 1))?.[0]}`;
}

const annotated = (annotations: string) => `${HEAD}metadata:\n  name: a\n  annotations:\n${annotations}
spec:
  ingressClassName: nginx
  rules:
  - http: {paths: [{path: /, pathType: Prefix, ${BACKEND}}]}
`;

const ruled = (rules: string) =>
  `${HEAD}metadata: {name: a}\nspec:\n  ingressClassName: nginx\n  rules:\n${rules}`;

test.each<[string, string, string, string]>([
  [
    "a key at the start of its line",
    "annotation-unknown",
    annotated("    nginx.ingress.kubernetes.io/nonsense: x"),
    "6:5 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "a quoted key",
    "annotation-unknown",
    annotated('    "nginx.ingress.kubernetes.io/nonsense" : x'),
    '6:5 "nginx.ingress.kubernetes.io/nonsense"',
  ],
  [
    "a key within a flow map, beside its own name as a value",
    "annotation-unknown",
    annotated(
      "    {nginx.ingress.kubernetes.io/proxy-body-size: nonsense, nginx.ingress.kubernetes.io/nonsense: x}",
    ),
    "6:61 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "a key whose text is in a value, too",
    "annotation-unknown",
    annotated(
      '    {"x": "nginx.ingress.kubernetes.io/nonsense: y", nginx.ingress.kubernetes.io/nonsense: x}',
    ),
    "6:54 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "an absent key: the item that lacks it",
    "missing-path-type",
    ruled(`  - host: a.test\n    http:\n      paths:\n      - path: /cart\n        ${BACKEND}\n`),
    "10:9 path",
  ],
  [
    "the same in a flow map on a line",
    "missing-path-type",
    ruled(`  - http: {paths: [{path: /a, pathType: Exact, ${BACKEND}}, {path: /b, ${BACKEND}}]}\n`),
    "7:103 path",
  ],
  [
    "the second of two values on a line",
    "invalid-path",
    ruled(
      `  - http: {paths: [{path: /a, pathType: Exact, ${BACKEND}}, {path: b, pathType: Exact, ${BACKEND}}]}\n`,
    ),
    "7:103 path",
  ],
  [
    "an item of a block list",
    "invalid-tls",
    `${HEAD}metadata: {name: a}\nspec:\n  tls:\n  - hosts:\n    - a.test\n    - "B.test"\n  defaultBackend: {service: {name: web, port: {number: 80}}}\n`,
    '8:7 "B.test"',
  ],
  [
    "an item of a flow list",
    "invalid-tls",
    `${HEAD}metadata: {name: a}\nspec:\n  tls:\n  - hosts: [a.test, B.test]\n  defaultBackend: {service: {name: web, port: {number: 80}}}\n`,
    "6:21 B.test",
  ],
  [
    "JSON on several lines",
    "invalid-path",
    `{"apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": {"name": "a"},
"spec": {"rules": [{"http": {"paths": [{
  "path": "a", "pathType": "Exact",
  "backend": {"service": {"name": "web", "port": {"number": 80}}}}]}}]}}\n`,
    '3:3 "path"',
  ],
  [
    "CRLF and a byte order mark",
    "annotation-unknown",
    `\uFEFF${annotated("    nginx.ingress.kubernetes.io/nonsense: x")}`.replaceAll("\n", "\r\n"),
    "6:5 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "a document behind its separator",
    "unknown-field",
    `--- {kind: Service, apiVersion: v1, metadata: {name: a}, spec: {selector: {portz: a}, portz: []}}\n`,
    "1:87 portz",
  ],
  [
    "the second document",
    "annotation-unknown",
    `${annotated("    a: b")}---\n# a comment\n${annotated("    nginx.ingress.kubernetes.io/nonsense: x").replace("name: a", "name: b")}`,
    "18:5 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "an object of a List",
    "annotation-unknown",
    `apiVersion: v1\nkind: List\nitems:\n- ${annotated("    a: b").trim().replaceAll("\n", "\n  ")}\n- ${annotated(
      "    nginx.ingress.kubernetes.io/nonsense: x",
    )
      .trim()
      .replaceAll("\n", "\n  ")
      .replace("name: a", "name: b")}\n`,
    "19:7 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "what only the general reader reads",
    "annotation-unknown",
    annotated("    folded: >\n      some\n      text\n    nginx.ingress.kubernetes.io/nonsense: !!str x"),
    "9:5 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "a key behind a text of several lines",
    "annotation-unknown",
    annotated(
      '    {"x": "one\n    {nginx.ingress.kubernetes.io/nonsense: two", nginx.ingress.kubernetes.io/nonsense: x}',
    ),
    "7:50 nginx.ingress.kubernetes.io/nonsense",
  ],
  [
    "an alias: where its anchor is written is another line",
    "invalid-path",
    ruled(
      `  - http: &h\n      paths:\n      - {path: b, pathType: Exact, ${BACKEND}}\n  - host: b.test\n    http: *h\n`,
    ),
    "9:10 path",
  ],
  ["a syntax error: the line alone", "bad-yaml", `${HEAD}metadata: {name: a\nspec: [}\n`, "4"],
  [
    "an empty document's kind",
    "unknown-kind",
    "apiVersion: networking.k8s.io/v1\nkind: ingress\n",
    "2:1 kind",
  ],
])("the column of %s", async (_, code, text, place) => {
  expect(await placeOf(code, text)).toBe(place);
});

/** Every manifest of the cases. */
const CASES = join(import.meta.dirname, "..", "..", "cases");
const manifests = readdirSync(CASES, { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".case"))
  .map((name) => readFileSync(join(CASES, name), "utf8"))
  .flatMap((text) => /^=== manifests\n([\s\S]*?)(?=^=== )/m.exec(text)?.[1] ?? []);

/** Every field of a document, as problems name it. */
function* fields(node: unknown, path: string): Generator<string> {
  if (typeof node !== "object" || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    const field = Array.isArray(node) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
    yield field;
    yield* fields(value, field);
  }
}

test("of all fields of all cases the column is the general reader's, or none", async () => {
  const yaml = await import("yaml");
  let [found, all] = [0, 0];
  for (const text of manifests) {
    const source = new SourceFile(text);
    for (const document of source.documents) {
      const offsets = readOffsets(document.text);
      if ("message" in offsets) continue;
      const value: unknown = yaml.parse(document.text, { logLevel: "silent", uniqueKeys: false });
      const name = (value as { metadata?: { name?: unknown } } | null)?.metadata?.name;
      const { resources } = parseManifest(document.text, "a.yaml");
      const origin = resources.length === 1 ? resources[0]?.origin : undefined;
      if (origin === undefined) continue;
      for (const field of fields(value, "")) {
        const line = document.line - 1 + origin.lineOf(field);
        const object = { kind: "", namespace: "", name: String(name ?? "") };
        const problem: Problem = { code: "", level: "error", message: "", fix: "", object, field, line };
        const columns = await new ColumnFinder().find(problem, source);
        all++;
        if (columns === undefined) continue;
        found++;
        const nearest = nearestField(offsets, field);
        const isItem = nearest.key === undefined && nearest.node.kind === "map";
        // An item that is a map is shown by its first key.
        const first =
          isItem && nearest.node.kind === "map" ? [...nearest.node.entries.values()][0] : undefined;
        const offset = first?.line ?? nearest.line;
        const start = document.text.lastIndexOf("\n", offset - 1) + 1;
        expect(columns.from, `${field} in\n${document.text}`).toBe(offset - start);
      }
    }
  }
  expect(all).toBeGreaterThan(5_000);
  expect(found / all).toBeGreaterThan(0.95);
});
