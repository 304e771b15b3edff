import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { currentOwner, ownerText } from "../../src/hosts/owner.ts";
import { runHere } from "./in-process.ts";

const QUICK_START = join(import.meta.dirname, "..", "..", "examples", "quick-start");
const BEFORE = "127.0.0.1\tlocalhost\r\n10.0.0.1 printer";

let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-hosts-"));
  file = join(folder, "hosts");
  writeFileSync(file, BEFORE);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const hosts = (...args: readonly string[]) =>
  runHere(["hosts", ...args, "--hosts-file", file], { cwd: folder });

test("sync writes the hosts of the manifests, list shows them, clean takes them out again", async () => {
  expect((await hosts("list")).stdout).toBe(`${file} has no lines of ingress-dev.\n`);
  const synced = await hosts("sync", QUICK_START);
  expect([synced.code, synced.stderr]).toEqual([0, ""]);
  expect(synced.stdout).toContain("  127.0.0.1 www.basic1.com\n  ::1 www.basic1.com\n");
  expect(readFileSync(file, "utf8")).toContain("127.0.0.1 www.basic-ssl.com");
  expect((await hosts("list")).stdout.split("\n").slice(0, 3)).toEqual([
    "ADDRESS    HOST               OWNER",
    "127.0.0.1  www.basic1.com     hosts sync",
    "::1        www.basic1.com     hosts sync",
  ]);
  const { hosts: entries } = JSON.parse((await hosts("list", "-o", "json")).stdout);
  expect(entries[0]).toEqual({
    host: "www.basic1.com",
    address: "127.0.0.1",
    owner: { pid: 1, alive: true },
  });
  const cleaned = await hosts("clean");
  expect([cleaned.code, cleaned.stdout]).toEqual([0, `${file}: lines removed\n`]);
  expect(readFileSync(file, "utf8")).toBe(BEFORE);
  expect((await hosts("clean")).stdout).toBe(`${file}: nothing to change\n`);
});

test("a second sync takes the place of the first", async () => {
  await hosts("sync", QUICK_START);
  await hosts("sync", join(QUICK_START, "ingress-ssl.yaml"));
  expect(readFileSync(file, "utf8")).not.toContain("www.basic1.com");
  expect(readFileSync(file, "utf8")).toContain("www.basic-ssl.com");
});

test("the step that up does with sudo writes in the name of up, and clean leaves a running up its lines", async () => {
  const owner = ownerText(currentOwner());
  const written = await hosts("sync", "--owner", owner, "a.test", "b.test");
  expect([written.code, written.stdout, written.stderr]).toEqual([0, "", ""]);
  expect((await hosts("list")).stdout).toContain(`127.0.0.1  a.test  ingress-dev up (pid ${process.pid})\n`);
  expect((await hosts("clean")).stdout).toContain(`(pid ${process.pid}) stay until it stops\n`);
  expect(readFileSync(file, "utf8")).toContain("127.0.0.1 b.test");
  expect((await hosts("sync", "--owner", owner)).code).toBe(0);
  expect(readFileSync(file, "utf8")).toBe(BEFORE);
});

test("lines of an up that crashed are nobody's, and go with the next clean", async () => {
  await hosts("sync", "--owner", "999999999:1:gone", "a.test");
  expect((await hosts("list")).stdout).toContain("nobody any more (pid 999999999)");
  await hosts("clean");
  expect(readFileSync(file, "utf8")).toBe(BEFORE);
});

test.each([
  [["sync", "--owner", "nonsense", "a.test"], '--owner: "nonsense" names no process.'],
  [["list", "--hosts-file", "/"], "cannot be read"],
])("hosts %j is refused", async (args, error) => {
  const { code, stderr } = await runHere(["hosts", ...args], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain(error);
});

test("a file that cannot be written leads to sudo, with the lines", async () => {
  const missing = join(folder, "no", "such", "folder", "hosts");
  const { code, stderr } = await runHere(["hosts", "sync", QUICK_START, "--hosts-file", missing], {
    cwd: folder,
  });
  expect(code).toBe(2);
  expect(stderr).toContain("127.0.0.1 www.basic1.com");
  expect(stderr).toContain("Run the command again with sudo");
});
