import { expect, test } from "vitest";
import { columns } from "../../src/cli/forms/columns.ts";
import { describeIngress } from "../../src/cli/routes/describe.ts";
import type { Ingress } from "../../src/model/resource.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { CAPTURED, SAMPLE } from "./kubectl-captures.ts";

function ingressOf(manifest: string): Ingress {
  const found = parseManifest(manifest, "sample.yaml").resources.find((one) => one.kind === "Ingress");
  if (found?.kind !== "Ingress") throw new Error("no Ingress in the manifest");
  return found;
}

/** The cluster's endpoints when the captures were made. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  fallback: "10.244.0.6:8080,10.244.0.8:8080,10.244.0.7:8080 + 2 more...",
  web: "10.244.0.3:8080,10.244.0.4:8080",
  missing: '<error: services "missing" not found>',
  empty: "",
};

test.each(CAPTURED)("kubectl describe ingress $name, to the letter", ({ manifest, address, printed }) => {
  const lines = describeIngress(ingressOf(manifest), {
    address,
    // `web:81` names a port that the Service lacks.
    endpoints: ({ name, port }) => ("number" in port && port.number === 81 ? "" : (ENDPOINTS[name] ?? "")),
    problems: [],
  });
  expect(`${lines.join("\n")}\n`).toBe(printed);
});

test("problems of the Ingress stand where a cluster has its events", () => {
  const problem = {
    code: "missing-path-type",
    level: "error",
    message: "Required\nvalue",
    fix: "",
    file: "a.yaml",
  } as const;
  const notice = {
    ...problem,
    code: "class-missing",
    level: "notice",
    message: "no class",
    line: 3,
  } as const;
  const lines = describeIngress(ingressOf(SAMPLE), {
    address: "",
    endpoints: () => "",
    problems: [problem, notice],
  });
  expect(lines.slice(-5)).toEqual([
    "Events:",
    "  Type     Reason             From      Message",
    "  ----     ------             ----      -------",
    "  Warning  missing-path-type  a.yaml    Required value",
    "  Normal   class-missing      a.yaml:3  no class",
  ]);
});

test("what a manifest holds cannot move the cursor or forge a line", () => {
  const manifest = SAMPLE.replace('ssl-redirect: "true"', 'x: "\\e[2Ja\\tb\\r"');
  const text = describeIngress(ingressOf(manifest), { address: "", endpoints: () => "", problems: [] }).join(
    "\n",
  );
  expect(text).toContain("nginx.ingress.kubernetes.io/x: \\x1b[2Ja\\x09b\\x0d");
});

test.each([
  ["long annotations are cut", `a: ${"x".repeat(200)}`, ["a:", `  ${"x".repeat(138)}...`]],
  ["several lines stand below each other", 'a: "1\\n2\\n"', ["a:", "  1", "  2"]],
  ["a last line end does not count", 'a: "1\\n"', ["a: 1"]],
  [
    "the whole manifest once more is left out",
    "kubectl.kubernetes.io/last-applied-configuration: x",
    ["<none>"],
  ],
  ["keys are sorted by bytes", "{b: 1, a: 2, B: 3}", ["B: 3", "a: 2", "b: 1"]],
])("annotations: %s", (_, annotations, expected) => {
  const inFlow = annotations.startsWith("{") ? annotations.replace(/(\d)/g, '"$1"') : `{${annotations}}`;
  const manifest = SAMPLE.replace(/annotations:\n(?: {4}.*\n)+/, `annotations: ${inFlow}\n`);
  const lines = describeIngress(ingressOf(manifest), { address: "", endpoints: () => "", problems: [] });
  const start = lines.findIndex((line) => line.startsWith("Annotations:"));
  expect(lines.slice(start, -1).map((line) => line.slice("Annotations:           ".length))).toEqual(
    expected,
  );
});

// https://pkg.go.dev/text/tabwriter: a column is a block of adjacent lines with a tab-terminated cell in it.
test.each([
  ["a\tb", ["a  b"]],
  ["aaa\tb|a\tb", ["aaa  b", "a    b"]],
  ["aaa\tb|-|a\tb", ["aaa  b", "-", "a  b"]],
  ["a\t\tc|aa\tbbb\tc", ["a        c", "aa  bbb  c"]],
  ["a\t|bb\tc\td", ["a   ", "bb  c  d"]],
  ["\u00e9\u00e9\tb|a\tb", ["\u00e9\u00e9  b", "a   b"]],
])("columns of %j", (text, lines) => expect(columns(text.split("|"))).toEqual(lines));
