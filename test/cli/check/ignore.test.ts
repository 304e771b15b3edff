import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ignoreComments } from "../../../src/cli/check/ignore/comments.ts";
import { SourceFile } from "../../../src/cli/check/source-file.ts";
import type { Problem } from "../../../src/model/problem.ts";
import { runHere } from "../in-process.ts";

/** An Ingress whose line 6 has an unknown annotation and line 8 no class; what the lines say is put in by `{N}`. */
const ingress = (name: string, marks: Readonly<Record<number, string>> = {}) =>
  `{1}apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
  annotations:
{6}    nginx.ingress.kubernetes.io/nonsense: x {7}
{8}spec: {9}
  rules:
  - host: ${name}.test
    http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]} {10}
`.replaceAll(/\{(\d+)\}/g, (_, at) => marks[Number(at)] ?? "");

const C = "# ingress-dev-ignore: ";

interface Checked {
  readonly problems: readonly Problem[];
  readonly ignored?: readonly (Problem & { readonly ignoredBy: string; readonly reason?: string })[];
}

async function check(input: string, args: readonly string[] = [], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await runHere(["check", "-", "-o", "json", ...args], { input, env });
  const { problems, ignored = [] }: Checked = JSON.parse(stdout === "" ? '{"problems":[]}' : stdout);
  const ours = ({ code }: Problem) => code === "annotation-unknown" || code.startsWith("ignore-");
  return {
    code,
    stderr,
    left: problems.filter((one) => ours(one)).map((one) => `${one.line} ${one.code}`),
    ignored: ignored.map((one) => `${one.code} by ${one.ignoredBy}`),
    reasons: ignored.map((one) => one.reason),
  };
}

test.each<[string, string, readonly string[], readonly string[]]>([
  ["no comment", ingress("a"), ["6 annotation-unknown"], []],
  ["on the line", ingress("a", { 7: `${C}annotation-unknown` }), [], ["annotation-unknown by <stdin>:6"]],
  [
    "on the line before",
    ingress("a", { 6: `${C}annotation-unknown\n` }),
    [],
    ["annotation-unknown by <stdin>:6"],
  ],
  [
    "some comments before",
    ingress("a", { 6: `  ${C}annotation-unknown\n# more\n    # and more\n` }),
    [],
    ["annotation-unknown by <stdin>:6"],
  ],
  [
    "with a blank line between",
    ingress("a", { 6: `${C}annotation-unknown\n\n` }),
    ["8 annotation-unknown", "6 ignore-unused"],
    [],
  ],
  [
    "at another line",
    ingress("a", { 8: `${C}annotation-unknown\n` }),
    ["6 annotation-unknown", "7 ignore-unused"],
    [],
  ],
  [
    "before the first key",
    ingress("a", { 1: `${C}annotation-unknown\n` }),
    [],
    ["annotation-unknown by <stdin>:1"],
  ],
  [
    "before the first key, with blank lines and other comments",
    ingress("a", { 1: `# Source: chart/templates/a.yaml\n\n${C}annotation-unknown\n\n` }),
    [],
    ["annotation-unknown by <stdin>:3"],
  ],
  [
    "behind the separator",
    `--- ${C}annotation-unknown\n${ingress("a")}`,
    [],
    ["annotation-unknown by <stdin>:1"],
  ],
  [
    "above one of two documents",
    `${ingress("a")}---\n${C}annotation-unknown\n${ingress("b")}`,
    ["6 annotation-unknown"],
    ["annotation-unknown by <stdin>:12"],
  ],
  [
    "above the first of two documents",
    `${C}annotation-unknown\n${ingress("a")}---\n${ingress("b")}`,
    ["18 annotation-unknown"],
    ["annotation-unknown by <stdin>:1"],
  ],
  [
    "alone above the first separator: the whole file",
    `${C}annotation-unknown\n---\n${ingress("a")}---\n${ingress("b")}`,
    [],
    ["annotation-unknown by <stdin>:1", "annotation-unknown by <stdin>:1"],
  ],
  [
    "between documents: nothing",
    `${ingress("a")}---\n${C}annotation-unknown\n---\n${ingress("b")}`,
    ["6 annotation-unknown", "19 annotation-unknown", "12 ignore-unused"],
    [],
  ],
  [
    "behind everything: nothing",
    `${ingress("a")}${C}annotation-unknown\n`,
    ["6 annotation-unknown", "11 ignore-unused"],
    [],
  ],
  [
    "several codes and a reason",
    ingress("a", { 1: `${C}class-missing, annotation-unknown  the chart writes it\n` }),
    [],
    ["class-missing by <stdin>:1", "annotation-unknown by <stdin>:1"],
  ],
  [
    "an unknown code beside a known one",
    ingress("a", { 7: `${C}annotation-unknow, annotation-unknown` }),
    ["6 ignore-unknown"],
    ["annotation-unknown by <stdin>:6"],
  ],
  ["no code", ingress("a", { 7: "# ingress-dev-ignore" }), ["6 annotation-unknown", "6 ignore-unknown"], []],
  [
    "no colon",
    ingress("a", { 7: "# ingress-dev-ignore annotation-unknown" }),
    ["6 annotation-unknown", "6 ignore-unknown"],
    [],
  ],
  [
    "another word",
    ingress("a", { 7: "# ingress-dev-ignored: annotation-unknown" }),
    ["6 annotation-unknown"],
    [],
  ],
  [
    "text in quotes that looks so",
    ingress("a").replace("nonsense: x", `nonsense: "x ${C}annotation-unknown"`),
    ["6 annotation-unknown"],
    [],
  ],
  [
    "a literal block that looks so",
    ingress("a", { 6: `    a: |\n      ${C}annotation-unknown\n` }),
    ["8 annotation-unknown"],
    [],
  ],
  [
    "a flow map",
    `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: a, annotations: {
  a: b, ${C}class-missing
  nginx.ingress.kubernetes.io/nonsense: x ${C}annotation-unknown
  }}
spec: {ingressClassName: nginx, defaultBackend: {service: {name: web, port: {number: 80}}}}
`,
    ["4 ignore-unused"],
    ["annotation-unknown by <stdin>:5"],
  ],
  [
    "CRLF and a byte order mark",
    `\uFEFF${ingress("a", { 6: `${C}annotation-unknown\n` })}`.replaceAll("\n", "\r\n"),
    [],
    ["annotation-unknown by <stdin>:6"],
  ],
  [
    "an item of a List",
    `apiVersion: v1\nkind: List\nitems:\n- ${ingress("a", { 7: `${C}annotation-unknown` })
      .trim()
      .replaceAll("\n", "\n  ")}\n- ${ingress("b").trim().replaceAll("\n", "\n  ")}\n`,
    ["19 annotation-unknown"],
    ["annotation-unknown by <stdin>:9"],
  ],
  [
    "above a List: all of its items",
    `${C}annotation-unknown\napiVersion: v1\nkind: List\nitems:\n- ${ingress("a").trim().replaceAll("\n", "\n  ")}\n- ${ingress("b").trim().replaceAll("\n", "\n  ")}\n`,
    [],
    ["annotation-unknown by <stdin>:1", "annotation-unknown by <stdin>:1"],
  ],
  [
    "JSON, which has no comments",
    JSON.stringify({
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: {
        name: "a",
        annotations: { "nginx.ingress.kubernetes.io/nonsense": `${C}annotation-unknown` },
      },
      spec: { ingressClassName: "nginx", defaultBackend: { service: { name: "web", port: { number: 80 } } } },
    }),
    ["1 annotation-unknown"],
    [],
  ],
  [
    "above an error of syntax",
    `kind: Ingress\napiVersion: networking.k8s.io/v1\n${C}bad-yaml\nspec: a: b\n`,
    [],
    ["bad-yaml by <stdin>:3"],
  ],
  [
    "twice: the nearer one counts, the other is not used",
    ingress("a", { 1: `${C}annotation-unknown\n`, 6: `${C}annotation-unknown\n` }),
    ["1 ignore-unused"],
    ["annotation-unknown by <stdin>:7"],
  ],
])("a comment: %s", async (_, input, left, ignored) => {
  const found = await check(input);
  expect(found.left).toEqual(left);
  expect(found.ignored).toEqual(ignored);
});

test("the reason is kept", async () => {
  const { reasons } = await check(ingress("a", { 7: `${C}annotation-unknown — the chart, writes: it` }));
  expect(reasons).toEqual(["the chart, writes: it"]);
});

test("an unknown code says which is meant, and its line is shown", async () => {
  const input = ingress("a", { 7: `${C}anotation-unknown` });
  const { stdout } = await runHere(["check", "-"], { input });
  expect(stdout).toMatch(/<stdin>:6 {2}warning {2}ignore-unknown {2}"anotation-unknown" is no code/);
  expect(stdout).toContain("Did you mean annotation-unknown");
});

test("ignored errors do not count for the exit status, and are counted in the last line", async () => {
  const bad = ingress("a").replace("pathType: Prefix, ", "");
  expect((await check(bad)).code).toBe(1);
  const { code, stdout } = await runHere(
    ["check", "-", "--ignore", "missing-path-type,annotation-unknown,class-missing"],
    {
      input: bad,
    },
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/^standard input \(1 Ingress\): no problems, 3 ignored\n$/);
});

test.each<[string, readonly string[], Record<string, string>]>([
  ["repeated", ["--ignore", "class-missing", "--ignore", "annotation-unknown"], {}],
  ["in one, with blanks", ["--ignore", "class-missing, annotation-unknown"], {}],
  ["by the variable", [], { INGRESS_DEV_IGNORE: "class-missing,annotation-unknown" }],
])("--ignore: codes %s", async (_, args, env) => {
  const { left, ignored, stderr } = await check(ingress("a"), args, env);
  expect([left, stderr]).toEqual([[], ""]);
  expect(ignored.toSorted()).toEqual(["annotation-unknown by --ignore", "class-missing by --ignore"]);
});

test("a comment that --ignore makes superfluous is not called unused", async () => {
  const { left, ignored } = await check(ingress("a", { 7: `${C}annotation-unknown` }), [
    "--ignore",
    "annotation-unknown",
  ]);
  expect([left, ignored]).toEqual([[], ["annotation-unknown by <stdin>:6"]]);
});

test.each([
  ["annotation-unknow", "Did you mean annotation-unknown"],
  ["ANNOTATION_UNKNOWN", "Did you mean annotation-unknown"],
  ["missing-pathtype", "missing-path-type"],
  ["toString", "docs/errors.md lists all codes."],
])("--ignore %s is refused", async (code, words) => {
  const { code: status, stderr } = await check(ingress("a"), ["--ignore", code]);
  expect(status).toBe(2);
  expect(stderr).toContain(`--ignore: "${code}" is no code of a problem.`);
  expect(stderr).toContain(words);
});

test("comments of a large file are found in time that grows with it alone", async () => {
  const one = ingress("a", { 7: `${C}annotation-unknown` });
  const comments = await ignoreComments(new SourceFile(Array(2_000).fill(one).join("---\n")));
  expect(comments).toHaveLength(2_000);
  expect(comments.at(-1)?.scope).toEqual({ kind: "line", line: 1_999 * 11 + 6 });
});

test("ingress-dev.yaml has a key for it, and a code there is refused by its line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-ignore-"));
  try {
    writeFileSync(join(folder, "ingress-dev.yaml"), "ignore: [class-missing, annotation-unknown]\n");
    const found = await runHere(["check", "-"], { cwd: folder, input: ingress("a") });
    expect(found.stdout).toBe("standard input (1 Ingress): no problems, 2 ignored\n");
    writeFileSync(join(folder, "ingress-dev.yaml"), "exact: false\nignore: clas-missing\n");
    const refused = await runHere(["check", "-"], { cwd: folder, input: ingress("a") });
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('ingress-dev.yaml:2 ignore: "clas-missing" is no code of a problem.');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
