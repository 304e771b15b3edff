import { execFileSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFiles } from "../../src/source/files.ts";
import { isGlob, readGlob } from "../../src/source/glob.ts";
import { processorTime } from "../support/processor-time.ts";

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingress-dev-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const map = (name: string) => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ${name}}\n`;

async function write(files: Readonly<Record<string, string | Buffer>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(join(folder, name, ".."), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

async function read(...inputs: readonly string[]) {
  const reading = await readFiles(inputs.map((input) => (input === "-" ? input : join(folder, input))));
  return {
    reading,
    names: reading.snapshot.configMaps.map((one) => one.metadata.name),
    problems: reading.problems.map(({ code, level }) => `${level} ${code}`),
    passedOver: Object.fromEntries(reading.passedOver),
  };
}

const UTF16 = Buffer.from(map("a"), "utf16le");

describe("what is read", () => {
  test("a folder, its folders, by path; not node_modules, dot folders and other programs' files", async () => {
    await write({
      "b.yml": map("b"),
      "a/z.json": JSON.stringify({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "az" } }),
      "a/a.yaml": map("aa"),
      "a/readme.md": map("no"),
      "node_modules/x.yaml": map("no"),
      ".git/x.yaml": map("no"),
      ".hidden.yaml": map("no"),
      "package.json": "{}",
      "docker-compose.yml": "services: {}",
      "ingress-dev.yaml": "manifests: [x]",
      "values.yaml": "replicas: 1\n",
    });
    const { names, problems, passedOver, reading } = await read("");
    expect(names).toEqual(["aa", "az", "b"]);
    expect(problems).toEqual([]);
    // The compose file, package.json, ingress-dev.yaml and the hidden one by name; the values by content.
    expect(passedOver).toEqual({ "not a Kubernetes object": 5 });
    expect(reading.description).toBe(`${folder} (4 files, 0 Ingresses)`);
  });

  test("patterns, files in the order they are named, nothing twice", async () => {
    await write({ "a.yaml": map("a"), "b.yaml": map("b"), "x/c.yaml": map("c"), "x/y/d.yml": map("d") });
    expect((await read("b.yaml", "*.yaml")).names).toEqual(["b", "a"]);
    expect((await read("**/*.yaml")).names).toEqual(["a", "b", "c"]);
    expect((await read("x/**/*.{yml,yaml}")).names).toEqual(["c", "d"]);
  });

  test("standard input, with files beside it", async () => {
    await write({ "b.yaml": map("b") });
    const reading = await readFiles(["-", join(folder, "b.yaml")], { stdin: Readable.from([map("a")]) });
    expect(reading.snapshot.configMaps.map((one) => [one.metadata.name, one.origin.line])).toEqual([
      ["a", 1],
      ["b", 1],
    ]);
    expect(reading.files).toEqual(["<stdin>", join(folder, "b.yaml")]);
    const alone = await readFiles(["-"], { stdin: Readable.from([map("a")]) });
    expect(alone.description).toBe("standard input (0 Ingresses)");
  });

  test("links are followed, loops of them end", async () => {
    await write({ "real/a.yaml": map("a") });
    await symlink(folder, join(folder, "real/loop"));
    await symlink(join(folder, "self.yaml"), join(folder, "self.yaml"));
    const { names, problems } = await read("");
    expect(names).toEqual(["a"]);
    expect(problems).toEqual(["error unreadable-file"]);
  });

  test.each<[string, Buffer]>([
    ["UTF-16 with its mark", Buffer.concat([Buffer.from([0xff, 0xfe]), UTF16])],
    ["UTF-16, big end first", Buffer.concat([Buffer.from([0xfe, 0xff]), Buffer.from(UTF16).swap16()])],
    ["UTF-16 without a mark", UTF16],
    ["UTF-8 with its mark", Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(map("a"))])],
  ])("%s", async (_what, content) => {
    await write({ "a.yaml": content });
    expect(await read("a.yaml")).toMatchObject({ names: ["a"], problems: [] });
  });
});

describe("what cannot be read is a problem, and costs only itself", () => {
  test.each<[string, () => Promise<unknown>, readonly string[]]>([
    ["binary", () => write({ "x.yaml": Buffer.from([1, 2, 0, 4, 5]) }), ["error unreadable-file"]],
    [
      "not UTF-8",
      () => write({ "x.yaml": Buffer.from([0x61, 0xff, 0xfe, 0x80]) }),
      ["error unreadable-file"],
    ],
    ["a pipe", async () => execFileSync("mkfifo", [join(folder, "x.yaml")]), ["error unreadable-file"]],
    ["a link to a device", () => symlink("/dev/zero", join(folder, "x.yaml")), ["error unreadable-file"]],
    ["a broken link", () => symlink("/nowhere/at/all", join(folder, "x.yaml")), ["error unreadable-file"]],
    ["a folder named so", () => mkdir(join(folder, "x.yaml")), []],
    ["empty", () => write({ "x.yaml": "" }), []],
    [
      "65 MiB",
      async () => {
        await write({ "x.yaml": "" });
        await truncate(join(folder, "x.yaml"), 65 * 1024 * 1024);
      },
      ["error file-too-large"],
    ],
    [
      "a kustomization",
      () => write({ "kustomization.yaml": "resources: [a.yaml]" }),
      ["notice kustomization"],
    ],
    ["a syntax error", () => write({ "x.yaml": "kind: x\n a: b\n" }), ["error bad-yaml"]],
  ])("%s", async (_what, make, problems) => {
    await write({ "a.yaml": map("a") });
    await make();
    expect(await read("")).toMatchObject({ names: ["a"], problems });
  });

  test("a socket", async () => {
    await write({ "a.yaml": map("a") });
    const server = createServer().listen(join(folder, "x.yaml"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await read("")).toMatchObject({ names: ["a"], problems: ["error unreadable-file"] });
    await new Promise((resolve) => server.close(resolve));
  });

  test.runIf(process.getuid?.() !== 0)("a file without permission", async () => {
    await write({ "a.yaml": map("a"), "x.yaml": map("x") });
    await chmod(join(folder, "x.yaml"), 0);
    expect(await read("")).toMatchObject({ names: ["a"], problems: ["error unreadable-file"] });
  });

  test("a named file that holds nothing says so", async () => {
    await write({ "values.yaml": "a: 1\n", "a.yaml": map("a") });
    const { problems, reading } = await read("values.yaml", "a.yaml");
    expect(problems).toEqual(["warning no-objects"]);
    expect(reading.problems[0]?.message).toContain("1 not a Kubernetes object");
  });
});

describe("what ends with an error for the user", () => {
  test.each<[string, string, string]>([
    ["a path that does not exist", "nowhere.yaml", "no-such-input"],
    ["an empty folder", "", "no-manifests"],
    ["a pattern that matches nothing", "*.yaml", "no-manifests"],
  ])("%s", async (_what, input, code) => {
    await expect(readFiles([join(folder, input)])).rejects.toMatchObject({ name: "UserError", code });
  });
});

test.each<[string, readonly string[], readonly string[]]>([
  ["k8s/*.yaml", ["a.yaml"], ["a.yml", "x/a.yaml", ".a.yaml"]],
  ["**/*.yaml", ["a.yaml", "x/y/a.yaml"], [".x/a.yaml", "a.yml"]],
  ["k8s/**", ["a.yaml", "x/a.yaml"], [".x/a"]],
  ["a?.{yaml,json}", ["ab.yaml", "ac.json"], ["a.yaml", "abc.yaml"]],
  ["[a-c].yaml", ["b.yaml"], ["d.yaml"]],
  ["[!a-c].yaml", ["d.yaml"], ["b.yaml"]],
  ["a+(b)*.yaml", ["a+(b)c.yaml"], ["aab.yaml"]],
  ["!a*.yaml", ["!ab.yaml"], ["ab.yaml", "b.yaml"]],
  ["#*.yaml", ["#a.yaml"], ["a.yaml"]],
  ["a**b.yaml", ["acb.yaml"], ["a/b.yaml"]],
  ["{a,{b,c}}?.yaml", ["ad.yaml", "cd.yaml"], ["a.yaml"]],
  ["[[:alpha:]]*", ["a"], ["1"]],
])("the pattern %s matches %j and not %j", async (pattern, yes, no) => {
  expect(isGlob(pattern)).toBe(true);
  const { matches } = await readGlob(pattern);
  expect([yes.filter((path) => !matches(path)), no.filter(matches)]).toEqual([[], []]);
});

test.each([
  ["stars", "*a".repeat(30), "a".repeat(250)],
  ["question marks", "*?".repeat(60), "a".repeat(50)],
  ["classes", "[a-z]*".repeat(100), "a".repeat(250)],
  ["folders", "**/*a*/".repeat(30), "a/".repeat(500)],
  ["braces", "{a,aa}".repeat(9), "a".repeat(250)],
])("a pattern with many %s is matched at once", async (_what, pattern, path) => {
  const spent = processorTime();
  expect((await readGlob(`${pattern}z`)).matches(`${path}y`)).toBe(false);
  expect(spent()).toBeLessThan(1_000);
});

test("a pattern whose braces stand for too many is refused", async () => {
  await expect(readGlob("{a,b}".repeat(12))).rejects.toThrow("stands for more than 1000 patterns");
});
