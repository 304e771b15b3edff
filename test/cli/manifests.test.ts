import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { OPTIONS } from "../../src/cli/options.ts";
import { chooseInputs, requireIngresses, sourceInWords } from "../../src/cli/routing/manifests.ts";
import { runCommand } from "../e2e/up-process.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-manifests-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function ingress(name: string): string {
  return `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: ${name} }
spec:
  ingressClassName: nginx
  rules:
    - host: ${name}.test
      http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] }
`;
}

function write(path: string, text: string): void {
  mkdirSync(join(folder, path, ".."), { recursive: true });
  writeFileSync(join(folder, path), text);
}

/** The Ingresses of a command without `-o` in that folder. */
async function namesOf(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<readonly string[]> {
  const { stdout } = await runCommand(["routes", ...args, "-o", "json"], folder, env);
  const { routes } = JSON.parse(stdout) as { routes: readonly { ingress: string }[] };
  return routes.map((route) => route.ingress.replace("default/", "")).sort();
}

test.each([
  // arguments              variable                                the file says          the Ingresses of
  ["paths and -f together", ["a.yaml", "-f", "more/b.yaml"], {}, undefined, ["a", "b"]],
  ["a flag beats the variable", ["-f", "a.yaml"], { INGRESS_DEV_FILENAME: "more" }, undefined, ["a"]],
  ["the variable beats the file", [], { INGRESS_DEV_FILENAME: "more" }, "manifests: a.yaml", ["b"]],
  ["the file beats the folder", [], {}, "manifests: [more]", ["b"]],
  ["the current folder, and what is below it", [], {}, undefined, ["a", "b"]],
] as const)("which manifests: %s", async (_, args, env, file, names) => {
  write("a.yaml", ingress("a"));
  write("more/b.yaml", ingress("b"));
  if (file !== undefined) write("ingress-dev.yaml", file);
  expect(await namesOf(args, env)).toEqual(names);
});

test.each([
  ["an empty folder", {}],
  ["a folder without an Ingress", { "pod.yaml": "apiVersion: v1\nkind: Pod\nmetadata: { name: a }\n" }],
])("%s: the error names the three ways", async (_, files) => {
  for (const [path, text] of Object.entries(files)) write(path, String(text));
  const { code, stdout, stderr } = await runCommand(["up", "--no-hosts", "--http-port", "0"], folder);
  expect([code, stdout]).toEqual([2, ""]);
  expect(stderr).toContain("ingress-dev up PATH");
  expect(stderr).toContain("manifests: in ingress-dev.yaml");
  expect(stderr).toContain("a folder with Ingress manifests");
});

const settings = Object.fromEntries(Object.entries(OPTIONS).map(([key, { fallback }]) => [key, fallback]));
const config = (filename: readonly string[] | undefined, manifestsFrom: string | undefined) =>
  chooseInputs({ settings: { ...settings, filename } as never, manifestsFrom, warnings: [] });

test.each([
  [["k8s"], "--filename", "k8s (1 file)"],
  [["k8s"], "INGRESS_DEV_FILENAME", "INGRESS_DEV_FILENAME: k8s (1 file)"],
  [["k8s"], "ingress-dev.yaml:3 manifests", "ingress-dev.yaml:3 manifests: k8s (1 file)"],
  [undefined, undefined, "the current folder: . (1 file)"],
])("%j of %s is said to be: %s", (filename, from, words) => {
  const inputs = config(filename, from);
  const description = `${inputs.paths.join(" ")} (1 file)`;
  expect(sourceInWords(inputs, { description, passedOver: new Map() })).toBe(words);
});

test("what was passed over is counted", () => {
  const passedOver = new Map([
    ["Pod", 2],
    ["Job", 1],
    ["not a Kubernetes object", 1],
  ]);
  expect(sourceInWords(config(["k8s"], "--filename"), { description: "k8s", passedOver })).toBe(
    "k8s, passing over 2 Pod, 1 Job, 1 document (not a Kubernetes object)",
  );
});

test.each([
  ["nothing at all", [], true],
  ["an Ingress that is refused", [{ kind: "Ingress", namespace: "default", name: "a" }], false],
  ["another object that is refused", [{ kind: "Service", namespace: "default", name: "a" }], true],
])("a current folder with %s", (_, objects, isRefused) => {
  const problems = objects.map(
    (object) => ({ code: "x", level: "error", object, message: "", fix: "" }) as const,
  );
  const judge = () =>
    requireIngresses(config(undefined, undefined), { snapshot: { ingresses: [] }, problems });
  if (isRefused) expect(judge).toThrow("There are no manifests");
  else expect(judge).not.toThrow();
});
