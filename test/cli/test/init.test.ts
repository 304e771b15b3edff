import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_CONTROLLER } from "../../../src/compile/controllers.ts";
import { controllerOfExample, exampleFolders } from "../../support/all-cases.ts";
import { runHere } from "../in-process.ts";

const ROOT = join(import.meta.dirname, "../../..");
const MANIFESTS = join(import.meta.dirname, "manifests.yaml");
/** Nothing of it is served. */
const EMPTY = ["trouble-shooting", "capture-groups-as-written"];

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-init-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const HARD = `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: "on"
  annotations:
    nginx.ingress.kubernetes.io/use-regex: "true"
spec:
  ingressClassName: nginx
  defaultBackend: { service: { name: "null", port: { number: 80 } } }
  rules:
    - host: "*.a.test"
      http:
        paths:
          - { path: '/x[0-9]{2,3}/(a|b)\\.html$', pathType: ImplementationSpecific, backend: { service: { name: "off", port: { number: 80 } } } }
    - http:
        paths:
          - { path: /any, pathType: Exact, backend: { service: { name: web, port: { name: http } } } }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: "0123", namespace: shop }
spec:
  ingressClassName: nginx
  rules:
    - host: b.test
      http:
        paths:
          - { path: '/\${y}/caf\u00e9', pathType: ImplementationSpecific, backend: { service: { name: "yes", port: { number: 80 } } } }
`;

test.each([
  ...exampleFolders()
    .filter((name) => !EMPTY.includes(name))
    .map((name) => [name, join(ROOT, "examples", name), controllerOfExample(name)] as const),
  ["annotations of many kinds", MANIFESTS, DEFAULT_CONTROLLER] as const,
  ["names and paths that YAML reads otherwise", "hard.yaml", DEFAULT_CONTROLLER] as const,
])("what is written for %s passes at once and reaches every rule", async (_, manifests, controller) => {
  const path = manifests === "hard.yaml" ? join(folder, manifests) : manifests;
  if (manifests === "hard.yaml") writeFileSync(path, HARD);
  const file = join(folder, "x.test.yaml");
  const written = await runHere(["test", "--init", file, path, "--controller", controller]);
  expect(written).toMatchObject({ code: 0, stderr: "" });
  expect(written.stdout).not.toContain("no request found");
  const { code, stdout } = await runHere(["test", file, "--coverage-min", "100", "-o", "json"]);
  const { failed, passed, coverage, tests } = JSON.parse(stdout);
  expect(tests.filter((each: { passed: boolean }) => !each.passed)).toEqual([]);
  expect({ code, failed, percent: coverage.percent }).toEqual({ code: 0, failed: 0, percent: 100 });
  expect(passed).toBeGreaterThanOrEqual(coverage.rules);
});

test("without words it is ingress.test.yaml in the current folder, for that folder, with its options", async () => {
  cpSync(MANIFESTS, join(folder, "k8s.yaml"));
  const { code, stdout } = await runHere(
    ["test", "--init", "-f", folder, "--controller", "kubernetes", "--no-echo"],
    { cwd: folder },
  );
  expect(code).toBe(0);
  expect(stdout).toContain("ingress.test.yaml: ");
  expect(readFileSync(join(folder, "ingress.test.yaml"), "utf8").split("\n").slice(0, 7)).toEqual([
    "# yaml-language-server: $schema=node_modules/ingress-dev/schema/test-file.schema.json (ingress-dev test file)",
    "controller: kubernetes",
    "noEcho: true",
    "tests:",
    "  - name: shop",
    "    host: http://shop.test",
    "    paths:",
  ]);
  expect(readFileSync(join(folder, "ingress.test.yaml"), "utf8")).toContain("\n      /: 503\n");
  expect((await runHere(["test"], { cwd: folder })).code).toBe(0);
});

test("the schema is that of the nearest node_modules with the package", async () => {
  mkdirSync(join(folder, "node_modules/ingress-dev"), { recursive: true });
  mkdirSync(join(folder, "tests/shop"), { recursive: true });
  await runHere(["test", "--init", join(folder, "tests/shop/a.test.yaml"), MANIFESTS]);
  expect(readFileSync(join(folder, "tests/shop/a.test.yaml"), "utf8").split("\n")[0]).toBe(
    "# yaml-language-server: $schema=../../node_modules/ingress-dev/schema/test-file.schema.json (ingress-dev test file)",
  );
});

test("it never overwrites", async () => {
  const file = join(folder, "x.test.yaml");
  writeFileSync(file, "mine");
  const { code, stdout, stderr } = await runHere(["test", "--init", file, MANIFESTS]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(`error: ${file} exists, and is left as it is.\n`);
  expect(readFileSync(file, "utf8")).toBe("mine");
});

test.each([
  ["two files", ["a.test.yaml", "b.test.yaml"], "b.test.yaml is a second file to write"],
  ["standard input", ["-"], "standard input has no name"],
  ["a missing folder", ["none"], "none does not exist."],
  ["nothing that is served", [join(ROOT, "examples/trouble-shooting")], "there is nothing to test"],
  ["a folder that is not there", ["none/a.test.yaml", MANIFESTS], "none/a.test.yaml cannot be written"],
])("%s: one error, and nothing is written", async (_, words, error) => {
  const named = words.map((word) => (word === "-" || word.startsWith("/") ? word : join(folder, word)));
  const { code, stdout, stderr } = await runHere(["test", "--init", ...named], { cwd: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  expect(stderr).toContain(error);
  expect(stderr.match(/error:/g)).toHaveLength(1);
  for (const name of ["ingress.test.yaml", "a.test.yaml", "none"])
    expect(existsSync(join(folder, name))).toBe(false);
});

test("docs/test.md shows what is written for the quick start", async () => {
  const file = join(folder, "x.test.yaml");
  await runHere(["test", "--init", file, join(ROOT, "examples/quick-start")]);
  const [, ...lines] = readFileSync(file, "utf8").split("\n");
  const tests = lines.slice(lines.indexOf("tests:")).join("\n");
  expect(readFileSync(join(ROOT, "docs/test.md"), "utf8")).toContain(
    `\`\`\`yaml\n# yaml-language-server: $schema=node_modules/ingress-dev/schema/test-file.schema.json (ingress-dev test file)\nmanifests: examples/quick-start\n${tests}\`\`\``,
  );
});
