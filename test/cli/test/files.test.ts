import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runHere } from "../in-process.ts";

const MANIFESTS = readFileSync(join(import.meta.dirname, "manifests.yaml"), "utf8");
const SHOP = "tests:\n- {request: GET http://shop.test/, expect: web}\n";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-test-run-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

/** As in the folder: the paths in the output are shortened. */
async function tested(argv: readonly string[], more: Parameters<typeof runHere>[1] = {}) {
  const { code, stdout, stderr } = await runHere(["test", ...argv], { cwd: folder, ...more });
  const short = (text: string) =>
    text.replaceAll(`${relative(process.cwd(), folder)}/`, "").replaceAll(`${folder}/`, "");
  return { code, stdout: short(stdout), stderr: short(stderr) };
}

test("without files, each *.test.yaml below the current folder is run, each with its own folder's manifests", async () => {
  write({
    "shop/k8s.yaml": MANIFESTS,
    "shop/a.test.yaml": SHOP,
    "other/k8s.yaml": MANIFESTS.replaceAll("shop.test", "other.test"),
    "other/b.test.yml": SHOP.replace("web", "404"),
    "node_modules/x/c.test.yaml": "broken",
    ".git/d.test.yaml": "broken",
    "shop/e.test.json": "broken",
  });
  const { code, stdout, stderr } = await tested([]);
  expect(stderr).toBe("");
  expect(stdout.split("\n")).toEqual([
    ...["other/b.test.yml", "  ✓ GET http://shop.test/"],
    ...["shop/a.test.yaml", "  ✓ GET http://shop.test/", "", "2 tests: 2 passed", ""],
  ]);
  expect(code).toBe(0);
});

test.each([
  ["a folder", "shop"],
  ["a file of any name", "shop/expectations.yaml"],
  ["a pattern", "shop/*.test.yaml"],
])("%s can be named", async (_, named) => {
  write({
    "shop/k8s.yaml": MANIFESTS,
    "shop/a.test.yaml": SHOP,
    "shop/expectations.yaml": `# ingress-dev test file\n${SHOP}`,
  });
  const { code, stdout } = await tested([join(folder, named)]);
  expect(stdout).toContain("1 test: 1 passed");
  expect(code).toBe(0);
});

test("manifests are relative to the file, may be several, and have their options", async () => {
  write({
    "k8s/a.yaml": MANIFESTS,
    "more/b.yaml": MANIFESTS.replaceAll("shop.test", "more.test").replaceAll("name: shop", "name: more"),
    "tests/x.test.yaml": `manifests: [../k8s, ../more/*.yaml]
controller: kubernetes
tests:
- {requests: [GET http://shop.test/, GET http://more.test/], expect: {service: web, headers: {X-Scheme: null}}}
`,
  });
  const { code, stdout } = await tested([]);
  expect(stdout).toContain("2 tests: 2 passed");
  expect(code).toBe(0);
  // The command line wins.
  const other = await tested(["--controller", "ingress-nginx"]);
  expect(other.stdout).toContain("came      http");
  expect(other.code).toBe(1);
  const byVariable = await tested([], { env: { INGRESS_DEV_CONTROLLER: "ingress-nginx" } });
  expect(byVariable.code).toBe(1);
});

test("-f takes other manifests, from standard input too", async () => {
  write({
    "a.test.yaml": SHOP,
    "b.test.yaml": `exact: true\n${SHOP}`,
    "other.yaml": MANIFESTS.replace("shop.test", "x.test"),
  });
  expect((await tested(["-f", "-"], { input: MANIFESTS })).stdout).toContain("2 tests: 2 passed");
  expect((await tested(["-f", join(folder, "other.yaml")])).code).toBe(1);
});

test("noEcho and exact do as the options of the command line do", async () => {
  write({
    "k8s.yaml": MANIFESTS,
    "a.test.yaml": `noEcho: true\n${SHOP.replace("expect: web", "expect: 503")}`,
    "b.test.yaml": `exact: true\ntests:\n- request: GET https://admin.test/x\n  expect: {responseHeaders: {Strict-Transport-Security: "…"}}\n`,
  });
  expect((await tested([])).stdout).toContain("2 tests: 2 passed");
});

test("documents have manifests, variables and anchors of their own", async () => {
  write({
    "k8s/a.yaml": MANIFESTS,
    "x.test.yaml": `manifests: k8s
variables: { host: shop.test, port: 80, literal: "$\${x}" }
tests:
- &first
  request: GET http://\${host}/
  expect: { service: "web:\${port}" }
- <<: *first
  name: once more, $\${not} a variable
---
manifests: k8s
variables: { host: nobody.test }
tests:
- { request: "\${host}/", expect: 404 }
`,
  });
  const { stdout } = await tested(["-o", "json"]);
  expect(JSON.parse(stdout)).toMatchObject({
    passed: 3,
    tests: [
      { request: "GET http://shop.test/", line: 5 },
      { name: "once more, $" + "{not} a variable", request: "GET http://shop.test/" },
      { request: "GET nobody.test/", line: 13 },
    ],
  });
  expect((await tested(["--variable", "host=x.test"])).stdout).toContain("✗ GET http://x.test/");
});

test("a filter leaves tests by name or request", async () => {
  write({
    "k8s.yaml": MANIFESTS,
    "x.test.yaml": `${SHOP}- {name: Old, request: GET http://old.test/, expect: 301}\n`,
  });
  expect((await tested(["--filter", "old"])).stdout).toContain("1 test: 1 passed");
  expect((await tested(["--filter", "SHOP.test"])).stdout).toContain("1 test: 1 passed");
});

test("errors of manifests are shown in short and fail no test by themselves", async () => {
  write({
    "k8s.yaml": `${MANIFESTS}---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nspec: {}\n`,
    "x.test.yaml": SHOP,
  });
  const { code, stdout } = await tested([]);
  expect(stdout).toMatch(/^k8s\.yaml:\d+ {2}error {2}/);
  expect(stdout).not.toContain("→");
  expect(code).toBe(0);
});

const MISTAKES: readonly (readonly [
  what: string,
  files: Record<string, string>,
  argv: string[],
  error: string,
  fix?: string,
])[] = [
  [
    "no test file",
    { "k8s.yaml": MANIFESTS },
    [],
    "There is no *.test.yaml in the current folder or below it.",
  ],
  ["no file", {}, ["none.test.yaml"], "none.test.yaml does not exist."],
  ["standard input", {}, ["-"], "a test file cannot be standard input.", "Manifests can"],
  [
    "a missing folder",
    { "x.test.yaml": `\nmanifests: k8s\n${SHOP}` },
    [],
    "x.test.yaml:2: manifests: k8s does not exist.",
    "Check the path.",
  ],
  [
    "an empty folder",
    { "x.test.yaml": `manifests: [k8s]\n${SHOP}`, "k8s/a.txt": "" },
    [],
    "x.test.yaml:1: manifests: No *.yaml, *.yml or *.json file in k8s.",
  ],
  [
    "a folder without manifests by default",
    { "x.test.yaml": SHOP },
    [],
    "x.test.yaml: manifests: No *.yaml, *.yml or *.json file in",
  ],
  [
    "a folder without Ingresses",
    {
      "x.test.yaml": SHOP,
      "s.yaml": "apiVersion: v1\nkind: Service\nmetadata: {name: a}\nspec: {ports: [{port: 80}]}\n",
    },
    [],
    "x.test.yaml: manifests: there is no Ingress in",
  ],
  ["a binary file", { "x.test.yaml": "a\0b" }, [], "x.test.yaml is a binary file."],
  [
    "a filter that leaves nothing",
    { "x.test.yaml": SHOP, "k8s.yaml": MANIFESTS },
    ["--filter", "nothing"],
    `--filter: no test's name or request contains "nothing".`,
  ],
  [
    "a variable that no file has",
    { "x.test.yaml": `variables: {host: a}\n${SHOP}`, "k8s.yaml": MANIFESTS },
    ["--variable", "hots=b"],
    `--variable: no test file has a variable "hots".`,
    "Did you mean host?",
  ],
  [
    "a variable without a value",
    { "x.test.yaml": SHOP },
    ["--variable", "host"],
    '--variable: "host" is not of the form NAME=VALUE.',
  ],
  [
    "a percentage that is none",
    { "x.test.yaml": SHOP },
    ["--coverage-min", "120"],
    '--coverage-min: "120" is not a percentage from 0 to 100.',
  ],
  [
    "a run of tests beside --init",
    { "x.test.yaml": SHOP },
    ["--init", "--watch"],
    "--watch has no meaning beside --init, which runs no test.",
  ],
  [
    "a run of tests beside --schema",
    { "x.test.yaml": SHOP },
    ["--schema", "--coverage-min", "80"],
    "--coverage-min has no meaning beside --schema, which runs no test.",
  ],
  [
    "a form that there is not",
    { "x.test.yaml": SHOP },
    ["-o", "jnit"],
    '--output: "jnit" is not one of text, json, tap, junit, github (did you mean junit?).',
  ],
];

const mistakes = MISTAKES.map(([what, files, argv, error, fix = ""]) => ({ what, files, argv, error, fix }));

test.each(mistakes)("$what is one error", async ({ files, argv, error, fix }) => {
  write(files);
  const named = argv.map((word) => (word.endsWith(".yaml") ? join(folder, word) : word));
  const { code, stdout, stderr } = await tested(named);
  const [first = "", second = "", ...others] = stderr.split("\n");
  expect(first).toContain(`error: ${error.startsWith("a test file") ? "test: " : ""}${error}`);
  expect(second.trim().slice(0, fix.length)).toBe(fix);
  expect(second.trim()).not.toBe("");
  expect(others).toEqual([""]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test.each(["check", "routes"])("%s passes over test files in silence", async (command) => {
  write({ "k8s.yaml": MANIFESTS });
  const without = await runHere([command, folder]);
  write({
    "shop.test.yaml": `${SHOP}# kind: Ingress\nkind: [\n`.replace("kind: [", "apiVersion  : ["),
    "marked.yaml": "# ingress-dev test file\napiVersion: {\n",
    "for-editors.yml":
      "# yaml-language-server: $schema=node_modules/ingress-dev/schema/test-file.schema.json\nkind: Ingress\n",
  });
  expect(await runHere([command, folder])).toEqual(without);
  expect(await runHere([command, join(folder, "k8s.yaml"), join(folder, "shop.test.yaml")])).toMatchObject({
    code: without.code,
    stderr: without.stderr,
  });
});

test("a test file alone is no manifest, and the error says what to do", async () => {
  write({ "shop.test.yaml": SHOP });
  const { code, stderr } = await runHere(["check", join(folder, "shop.test.yaml")]);
  expect(stderr).toContain("shop.test.yaml is a test file, and holds no manifests.");
  expect(stderr).toContain("Run it: ingress-dev test");
  expect(code).toBe(2);
});

test("the test files of the examples pass and reach every rule", async () => {
  const examples = join(import.meta.dirname, "../../../examples");
  const { code, stdout } = await runHere(["test", examples, "--coverage-min", "100"]);
  expect(stdout).toMatch(/^\d\d tests: \d\d passed$/m);
  expect(code).toBe(0);
});
