import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { runHere, type Said } from "../cli/in-process.ts";
import { folderOf, ingress, type SaidReport, services, writeIn } from "./folders.ts";

const OLD = ingress([{}, { path: "/cart", service: "cart" }]);
const NEW = ingress([{}, { path: "/cart", service: "basket" }]);
const SERVICES = services("web", "cart", "basket");
const ENV = { PATH: process.env.PATH ?? "", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" };

function git(folder: string, ...args: readonly string[]): string {
  const user = ["-c", "user.name=ann", "-c", "user.email=ann@shop.test", "-c", "init.defaultBranch=main"];
  return execFileSync("git", [...user, ...args], { cwd: folder, env: ENV, encoding: "utf8" });
}

/** A repository whose first commit is tagged `one`, and whose second changes a Service. */
function repository(): string {
  const files = {
    "k8s/shop.yaml": OLD,
    "k8s/services.yaml": SERVICES,
    "k8s/node_modules/x.yaml": "not: a manifest",
    "k8s/README.md": "# Not a manifest",
    "other/readme.txt": "nothing",
    "docs/readme.txt": "nothing",
  };
  const folder = folderOf(files, afterAll);
  symlinkSync("../k8s/services.yaml", join(folder, "other", "linked.yaml"));
  symlinkSync("nowhere.yaml", join(folder, "other", "lost.yaml"));
  git(folder, "init", "-q");
  git(folder, "add", "-A", "-f");
  git(folder, "commit", "-qm", "one");
  git(folder, "tag", "one");
  writeIn(folder, { "k8s/shop.yaml": NEW });
  git(folder, "commit", "-qam", "fix: two");
  return folder;
}

function diffIn(cwd: string, args: readonly string[], input = ""): Promise<Said> {
  return runHere(["diff", ...args], { cwd, env: ENV, input });
}

function reportIn({ stdout, stderr, code }: Said): SaidReport {
  if (code === 2) throw new Error(stderr);
  return JSON.parse(stdout) as SaidReport;
}

const CART = ["GET http://shop.test/cart"];

describe("git:REV:PATH", () => {
  const root = repository();

  test.each([
    ["a folder from the root", ".", "git:one:k8s", "k8s/shop.yaml"],
    ["with a slash", ".", "git:one:k8s/", "k8s/shop.yaml"],
    ["a file", ".", "git:one:k8s/shop.yaml", "k8s/shop.yaml"],
    ["a folder from here", ".", "git:one:./k8s", "./k8s/shop.yaml"],
    ["the current folder", "k8s", "git:one:", "./shop.yaml"],
    ["the current folder in words", "k8s", "git:one:./", "./shop.yaml"],
    ["without a path", "k8s", "git:one", "./shop.yaml"],
    ["from the folder above", "other", "git:one:../k8s", "../k8s/shop.yaml"],
    ["from the root, below it", "k8s", "git:one:k8s", "k8s/shop.yaml"],
    ["a revision with a colon", ".", "git:HEAD~1^{/one}:k8s", "k8s/shop.yaml"],
  ])("%s", async (_, folder, side, file) => {
    const report = reportIn(await diffIn(join(root, folder), [side, join(root, "k8s"), "-o", "json"]));
    expect(report.differences.map(({ request }) => request)).toEqual(expect.arrayContaining(CART));
    const revision = /^git:(.*?)(?::[^:}]*)?$/.exec(side)?.[1];
    expect(report.differences[0]?.old).toMatchObject({ file: `git:${revision}:${file}`, line: 1 });
    expect(report.differences[0]?.new).toMatchObject({ file: join(root, "k8s/shop.yaml") });
  });

  test("two revisions", async () => {
    const report = reportIn(await diffIn(root, ["git:one:k8s", "git:HEAD:k8s", "-o", "json"]));
    expect(report.differences.map(({ request }) => request)).toEqual(expect.arrayContaining(CART));
    const none = await diffIn(root, ["git:main:k8s", join(root, "k8s")]);
    expect([none.code, none.stderr]).toEqual([0, ""]);
  });

  test("leaves the working tree and the index alone", async () => {
    await diffIn(root, ["git:one:k8s", "git:HEAD:k8s"]);
    expect(git(root, "status", "--porcelain")).toBe("");
    expect(git(root, "stash", "list")).toBe("");
  });

  test("follows links within the revision, and tells of those that lead nowhere", async () => {
    const { stdout, stderr } = await diffIn(root, ["git:one:other", join(root, "k8s")]);
    expect(stdout).toContain("rule added: the whole Ingress default/shop");
    expect(stderr).toContain("git:one:other/lost.yaml");
    expect(stderr).not.toContain("linked.yaml");
  });

  test("reads Ingresses in the order in which the folder is read", async () => {
    const files = Object.fromEntries(
      ["b", "a-b", "a/c", "B", "a.x"].map((name) => [
        `${name}.yaml`,
        ingress([{ path: "/same", service: "cart" }, { path: `/${name}` }], {
          name: name.replace("/", "-").toLowerCase(),
        }),
      ]),
    );
    const folder = folderOf(files);
    git(folder, "init", "-q");
    git(folder, "add", "-A");
    git(folder, "commit", "-qm", "all");
    const { code, stdout } = await diffIn(folder, ["git:HEAD:", folder]);
    expect(stdout).toMatch(/^No differences in \d+ requests/);
    expect(code).toBe(0);
  });

  const REFUSED: readonly (readonly [string, readonly string[], RegExp])[] = [
    ["no such revision", ["git:nowhere:k8s"], /no revision nowhere.*\n.*git log/],
    ["an option for git", ["git:--output=x:k8s"], /no revision --output=x/],
    ["a blob", ["git:one:k8s/README.md/x"], /git:one:k8s\/README.md\/x does not exist/],
    ["no such path", ["git:one:nowhere"], /git:one:nowhere does not exist/],
    ["outside", ["git:one:../x"], /outside of the repository/],
    ["a folder without manifests", ["git:one:docs"], /No \*\.yaml.* in git:one:docs/],
    ["no revision", ["git::k8s"], /git:REV:PATH/],
    ["nothing", ["git:"], /git:REV:PATH/],
  ];
  test.each(REFUSED)("%s is one error", async (_, sides, message) => {
    const { code, stdout, stderr } = await diffIn(root, [...sides, "k8s"]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.match(/error:/g)).toHaveLength(1);
  });

  test("the hint names the path from here", async () => {
    const sub = join(root, "k8s");
    mkdirSync(join(sub, "deep"), { recursive: true });
    const { stderr } = await diffIn(sub, ["git:one:shop.yaml", "."]);
    expect(stderr).toContain("./shop.yaml");
  });

  test("outside of a repository, and without git, it says so", async () => {
    const lonely = folderOf({ "a.yaml": OLD });
    const ceiling = { ...ENV, GIT_CEILING_DIRECTORIES: join(lonely, "..") };
    const outside = await runHere(["diff", "git:HEAD:", lonely], { cwd: lonely, env: ceiling });
    expect(outside.code).toBe(2);
    expect(outside.stderr).toContain("not a git repository");
    const without = await runHere(["diff", "git:HEAD:", lonely], { cwd: root, env: { PATH: "/nowhere" } });
    expect(without.code).toBe(2);
    expect(without.stderr).toContain("there is no program git");
  });
});

test("standard input is one of the sides, and is read once", async () => {
  const folder = folderOf({ "shop.json": OLD, "services.json": SERVICES });
  const piped = `${NEW}\n---\n${SERVICES}`;
  const report = reportIn(await diffIn("/", [folder, "-", "-o", "json"], piped));
  expect(report.differences.map(({ request }) => request)).toEqual(expect.arrayContaining(CART));
  expect(report.differences[0]?.new).toMatchObject({ file: "<stdin>", line: 1 });
  const twice = await diffIn("/", ["-", "-"], piped);
  expect([twice.code, twice.stdout]).toEqual([2, ""]);
  expect(twice.stderr).toContain("read once");
});

test("a file and a pattern are sides", async () => {
  const folder = folderOf({ "old.json": OLD, "new.json": NEW, "services.json": SERVICES });
  const sides = [join(folder, "old.json"), join(folder, "n*.json")];
  const report = reportIn(await diffIn("/", [...sides, "-o", "json"]));
  expect(report.differences.map(({ request }) => request)).toEqual(expect.arrayContaining(CART));
});

describe("controllers", () => {
  const files = { "shop.json": ingress([{ path: "/cart/", service: "cart" }]), "services.json": SERVICES };

  test("A..B takes the same manifests under both", async () => {
    const report = reportIn(
      await diffIn("/", ["--controller", "ingress-nginx..kubernetes", folderOf(files), "-o", "json"]),
    );
    expect(report.differences).toContainEqual(
      expect.objectContaining({
        request: "GET http://shop.test/cart",
        cause: "redirect removed",
        old: expect.objectContaining({ status: 301, location: "http://shop.test/cart/" }),
        new: expect.objectContaining({ backend: { namespace: "default", service: "cart", port: 80 } }),
      }),
    );
  });

  test("A..B reads standard input once", async () => {
    const { code, stdout } = await diffIn(
      "/",
      ["--controller", "ingress-nginx..kubernetes", "-"],
      files["shop.json"],
    );
    expect(code).toBe(1);
    expect(stdout).toContain("redirect removed");
  });

  test("one controller is for both sides, and with A..B OLD is under A", async () => {
    const folder = folderOf(files);
    expect((await diffIn("/", ["--controller", "kubernetes", folder, folder])).code).toBe(0);
    const { stdout } = await diffIn("/", ["--controller", "kubernetes..ingress-nginx", folder, folder]);
    expect(stdout).toContain("redirect added");
  });

  test.each([
    ["one side", ["k8s"], /two sides, OLD and NEW/],
    ["an unknown controller", ["--controller", "ingress-nginx..nginxx", "-"], /nginxx/],
    ["a third controller", ["--controller", "ingress-nginx..kubernetes..x", "-"], /"kubernetes\.\.x"/],
    ["an unknown form", ["-", "x", "-o", "xml"], /"xml"/],
    ["a folder that is not there", ["/nowhere/old", "/nowhere/new"], /\/nowhere\/old does not exist/],
    ["a context without a name", ["context:", "-"], /context:NAME/],
    ["a context that no kubeconfig has", ["context:nowhere", "-"], /nowhere|kubeconfig/],
  ])("%s is one error", async (_, args, message) => {
    const { code, stdout, stderr } = await diffIn("/", args, OLD);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(message);
    expect(stderr.match(/error:/g)).toHaveLength(1);
  });
});

test("problems of one side only go to standard error, before the differences", async () => {
  const broken = ingress([{}, { path: "/cart", service: "cart" }], {
    annotations: { "proxy-read-timeout": "soon" },
  });
  const sides = [
    folderOf({ "shop.json": OLD, "s.json": SERVICES }),
    folderOf({ "shop.json": broken, "s.json": SERVICES }),
  ];
  const text = await diffIn("/", sides);
  expect(text.stderr).toMatch(/^Only in new: 1 (?:error|warning)\n {2}.*proxy-read-timeout/);
  const json = await diffIn("/", [...sides, "-o", "json"]);
  expect(json.stderr, "a side that is read in part is no reason to trust the answer").toBe(text.stderr);
});

test("a configuration that nginx refuses changes nothing in the cluster, and that is said", async () => {
  const stopping = ingress([{}], { annotations: { "limit-rps": "5", "limit-burst-multiplier": "-1" } });
  const sides = [folderOf({ "shop.json": OLD }), folderOf({ "shop.json": stopping })];
  const { stderr } = await diffIn("/", sides);
  expect(stderr).toContain("In the cluster nothing changes any more");
});

test.each([
  ["old", ["-", "k8s"], /^No Ingress in old: every rule shows as added$/m, 1],
  ["new", ["k8s", "-"], /^No Ingress in new: every rule shows as removed$/m, 1],
  ["both", ["-", "services.yaml"], /^No Ingress in old, and none in new: /m, 0],
] as const)("a side without an Ingress is told of: %s", async (_, sides, message, exit) => {
  const folder = folderOf({ "k8s/shop.yaml": OLD, "services.yaml": SERVICES });
  const { stderr, code } = await diffIn(
    "/",
    sides.map((side) => (side === "-" ? side : join(folder, side))),
  );
  expect([stderr, code]).toEqual([expect.stringMatching(message), exit]);
});
