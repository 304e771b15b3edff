import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runHere } from "./in-process.ts";

const root = join(import.meta.dirname, "../..");
const OLD =
  "apiVersion: extensions/v1beta1 # old\nkind: Ingress\nmetadata: {name: a}\nspec:\n  backend: {serviceName: web, servicePort: 80}\n";
const NEW =
  "apiVersion: networking.k8s.io/v1 # old\nkind: Ingress\nmetadata: {name: a}\nspec:\n  defaultBackend: {service: {name: web, port: {number: 80}}}\n";
const CURRENT = NEW.replace("name: a", "name: b");

let folder = "";
const at = (...names: string[]) => join(folder, ...names);
const put = (name: string, text: string | Buffer) => writeFileSync(at(name), text);
const get = (name: string) => readFileSync(at(name), "utf8");
const convert = (...argv: string[]) => runHere(["convert", ...argv], { cwd: folder });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "convert-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe("prints", () => {
  test("one file as it is, but for what is old", async () => {
    put("a.yaml", `\uFEFF${OLD.replaceAll("\n", "\r\n")}`);
    expect(await convert(at("a.yaml"))).toEqual({
      code: 0,
      stdout: `\uFEFF${NEW.replaceAll("\n", "\r\n")}`,
      stderr: "",
    });
    expect(get("a.yaml")).toBe(`\uFEFF${OLD.replaceAll("\n", "\r\n")}`);
  });

  test("standard input", async () => {
    expect(await runHere(["convert", "-"], { input: OLD })).toEqual({ code: 0, stdout: NEW, stderr: "" });
  });

  test("the manifests of a folder, each under its name, and no file that holds none", async () => {
    put("a.yaml", `\uFEFF${OLD.trimEnd()}`);
    put("b.yaml", `%YAML 1.2\n---\n${CURRENT}`);
    put("values.yaml", "ingress: {enabled: true}\n");
    put(
      "c.json",
      '{"kind":"Service","apiVersion":"v1","metadata":{"name":"web"},"spec":{"ports":[{"port":80}]}}',
    );
    const { code, stdout, stderr } = await convert(folder);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replaceAll(folder, "F")).toBe(
      `---\n# Source: F/a.yaml\n${NEW}...\n# Source: F/b.yaml\n%YAML 1.2\n---\n${CURRENT}---\n# Source: F/c.json\n${get("c.json")}\n`,
    );
    // The stream holds what the files hold.
    const whole = await runHere(["routes", "-", "-o", "json"], { input: stdout });
    put("a.yaml", NEW);
    const parts = await runHere(["routes", folder, "-o", "json"]);
    const plain = (text: string) => text.replaceAll(/"(?:file|line)":[^,}]*/g, "");
    expect(plain(whole.stdout)).toBe(plain(parts.stdout));
  });

  test("what passes check", async () => {
    const old = join(root, "examples/old-api-versions");
    const { stdout } = await convert(old);
    const codesOf = ({ stdout }: { readonly stdout: string }) =>
      JSON.parse(stdout).problems.map(({ code }: { code: string }) => code);
    const before = codesOf(await runHere(["check", old, "-o", "json"]));
    const after = await runHere(["check", "-", "-o", "json"], { input: stdout });
    expect(before).toContain("old-api-version");
    expect(codesOf(after)).toEqual(before.filter((code: string) => code !== "old-api-version"));
    expect(after.code).toBe(0);
  });
});

describe("--write", () => {
  test("changes only files with old versions, through links, and keeps their modes", async () => {
    mkdirSync(at("other"));
    put("other/real.yaml", OLD);
    chmodSync(at("other/real.yaml"), 0o640);
    mkdirSync(at("k8s"));
    symlinkSync("../other/real.yaml", at("k8s/link.yaml"));
    put("k8s/b.yaml", CURRENT);
    const before = statSync(at("k8s/b.yaml")).mtimeMs;
    const { code, stdout, stderr } = await convert(at("k8s"), "--write");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout.replaceAll(folder, "F")).toBe(
      "F/k8s/link.yaml:1  Ingress default/a: apiVersion extensions/v1beta1 → networking.k8s.io/v1; spec.backend → spec.defaultBackend; 1 backend → service\n1 object converted in 1 file\n",
    );
    expect(get("other/real.yaml")).toBe(NEW);
    expect(statSync(at("other/real.yaml")).mode & 0o777).toBe(0o640);
    expect(lstatSync(at("k8s/link.yaml")).isSymbolicLink()).toBe(true);
    expect(statSync(at("k8s/b.yaml")).mtimeMs).toBe(before);
    expect([readdirSync(at("k8s")), readdirSync(at("other"))]).toEqual([
      ["b.yaml", "link.yaml"],
      ["real.yaml"],
    ]);
    expect(await convert(at("k8s"), "-w")).toEqual({ code: 0, stdout: "Nothing to convert.\n", stderr: "" });
  });

  test("writes what it converts of a real folder, and check finds no error in it", async () => {
    cpSync(join(root, "examples/old-api-versions"), folder, { recursive: true });
    const { code, stdout } = await convert(folder, "-w", "-o", "json");
    const { files, problems } = JSON.parse(stdout);
    expect({ code, problems }).toEqual({ code: 0, problems: [] });
    expect(files).toHaveLength(4);
    expect(files[0]).toMatchObject({
      file: at("ingress-basic.yaml"),
      written: true,
      changes: [{ line: 3, object: { kind: "Ingress", namespace: "default", name: "basic" } }],
    });
    expect((await runHere(["check", folder])).code).toBe(0);
    expect((await convert(folder, "--check")).code).toBe(0);
  });

  test.each([
    [
      "a document that does not parse",
      "b.yaml",
      "apiVersion: extensions/v1beta1\nkind: Ingress\nspec: [\n",
      1,
      "b.yaml:3  error  bad-yaml",
    ],
    [
      "a document that cannot be converted",
      "b.yaml",
      "? apiVersion\n: extensions/v1beta1\n? kind\n: Ingress\n",
      1,
      "b.yaml:1  error  not-converted",
    ],
    ["a binary file", "b.yaml", Buffer.from("a\0b"), 2, "b.yaml is a binary file"],
    [
      "a file that is not UTF-8",
      "b.yaml",
      Buffer.from([0x61, 0xff, 0x62]),
      2,
      "b.yaml is neither UTF-8 nor UTF-16 text",
    ],
    [
      "UTF-16",
      "b.yaml",
      Buffer.from(`\uFEFF${OLD}`, "utf16le"),
      2,
      "b.yaml is UTF-16 text; only UTF-8 is edited",
    ],
  ])("writes and prints nothing beside %s", async (_, name, content, code, message) => {
    put("a.yaml", OLD);
    put(name, content);
    for (const mode of [["-w"], []]) {
      const said = await convert(folder, ...mode);
      expect(said).toMatchObject({ code, stdout: "" });
      expect(said.stderr).toContain(message);
    }
    expect(get("a.yaml")).toBe(OLD);
    expect(readFileSync(at(name))).toEqual(Buffer.from(content));
  });

  test("writes nothing if one of the files is read-only", async () => {
    put("a.yaml", OLD);
    put("b.yaml", OLD);
    chmodSync(at("b.yaml"), 0o444);
    const said = await convert(folder, "-w");
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr).toContain("b.yaml cannot be written: it is read-only. No file is changed.");
    expect([get("a.yaml"), get("b.yaml")]).toEqual([OLD, OLD]);
  });

  test("says which files are written if a later one fails", async () => {
    put("a.yaml", OLD);
    put("b.yaml", OLD);
    // Stands where the new file of b.yaml would be made.
    mkdirSync(at(`.b.yaml.ingress-dev-${process.pid}`));
    const said = await convert(at("a.yaml"), at("b.yaml"), "-w");
    expect(said).toMatchObject({ code: 2, stdout: "" });
    expect(said.stderr.replaceAll(folder, "F")).toMatch(
      /F\/b\.yaml cannot be written: EEXIST.*\. Written: F\/a\.yaml; as before: F\/b\.yaml\./,
    );
    expect([get("a.yaml"), get("b.yaml")]).toEqual([NEW, OLD]);
  });

  test("says what the API server refuses of it", async () => {
    put("a.yaml", OLD.replace("80", '"80"'));
    const said = await convert(at("a.yaml"), "-w");
    expect(said.code).toBe(1);
    expect(said.stderr).toContain(
      "a.yaml:5  error  invalid-port  Ingress default/a spec.defaultBackend.service.port.name",
    );
    expect(get("a.yaml")).toContain('port: {name: "80"}');
  });
});

describe("--check", () => {
  test("changes nothing, and says what is to be converted", async () => {
    put("a.yaml", OLD);
    const said = await convert(at("a.yaml"), "--check");
    expect(said).toMatchObject({ code: 1, stderr: "" });
    expect(said.stdout).toContain("a.yaml:1  Ingress default/a: apiVersion extensions/v1beta1");
    expect(said.stdout).toContain("1 object to convert in 1 file\n");
    expect(get("a.yaml")).toBe(OLD);
  });

  test("a Helm template is a notice", async () => {
    put("a.yaml", "apiVersion: {{ .Values.version }}\nkind: Ingress\n");
    const said = await convert(at("a.yaml"), "--check");
    expect(said).toMatchObject({ code: 0, stdout: "Nothing to convert.\n" });
    expect(said.stderr).toContain("a.yaml:1  notice  helm-template");
  });
});

test.each([
  [["--to", "v2", "a.yaml"], '--to: "v2" is not one of v1'],
  [["--write", "--check", "a.yaml"], "--write and --check exclude each other"],
  [["--write", "-"], "--write needs files"],
  [["-o", "yaml", "-"], '--output: "yaml" is not one of text, json'],
  [["/nowhere/at-all"], "/nowhere/at-all does not exist"],
  [["--wrte", "a.yaml"], "--wrte"],
])("%j is an error of usage", async (argv, message) => {
  const said = await runHere(["convert", ...argv], { input: OLD });
  expect(said).toMatchObject({ code: 2, stdout: "" });
  expect(said.stderr).toContain(message);
});

test("a folder without manifests is an error", async () => {
  expect(await convert(folder)).toMatchObject({ code: 2, stdout: "" });
});

describe("the new version with the old fields, as somebody leaves it who changes the apiVersion alone", () => {
  const head = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: half}\nspec:\n";
  const inRules =
    "  rules:\n  - http:\n      paths:\n      - path: /\n        pathType: Prefix\n        backend: {serviceName: a, servicePort: 80}\n";

  test.each([
    ["spec.backend", `${head}  backend: {serviceName: a, servicePort: 80}\n`],
    ["a path's backend", head + inRules],
  ])("%s is an error, until check --fix writes it anew", async (_, text) => {
    put("half.yaml", text);
    const { code, stderr } = await convert(at("half.yaml"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/half\.yaml:\d+ {2}error {2}unknown-field .*\n.*ingress-dev check --fix/);
    expect((await convert(at("half.yaml"), "--check")).code).toBe(1);
    expect((await runHere(["check", at("half.yaml"), "--fix"])).code).toBe(0);
    expect(await convert(at("half.yaml"), "--check")).toMatchObject({ code: 0, stderr: "" });
  });

  test("another unknown field of an Ingress that is not converted is left to check", async () => {
    put("new.yaml", `${head}  defaultBackend: {service: {name: a}}\n  backends: []\n`);
    expect(await convert(at("new.yaml"))).toMatchObject({ code: 0, stderr: "" });
  });
});
