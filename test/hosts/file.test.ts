import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { listHosts, openHosts, systemHostsFile } from "../../src/hosts/file.ts";
import { currentOwner } from "../../src/hosts/owner.ts";
import {
  cleanHosts,
  fault,
  folder,
  LOOPBACK,
  linesFor,
  litter,
  read,
  sectionsOf,
  somebody,
  usersPart,
  watchedDisk,
  worldWith,
} from "./support.ts";

const BEFORE = "127.0.0.1\tlocalhost # mine\r\ncaf\xe9\n10.0.0.1 db";
const isRoot = process.getuid?.() === 0;
const owner = currentOwner();

function hostsFile(text: string = BEFORE): { dir: string; file: string } {
  const dir = folder();
  const file = join(dir, "hosts");
  writeFileSync(file, text, "latin1");
  return { dir, file };
}
const open = (file: string, world = worldWith({}), who = owner) =>
  openHosts({ file, addresses: LOOPBACK, owner: who }, world);

test("hosts come, change and go; the file is what it was, with nothing left beside it", async () => {
  const { dir, file } = hostsFile();
  const hosts = open(file);
  expect(await hosts.sync(["a.test", "*.b.test"])).toEqual({
    kind: "written",
    lines: linesFor("a.test"),
    skipped: [{ host: "*.b.test", level: "warning", why: expect.stringContaining("wildcard") }],
    problem: undefined,
  });
  expect(read(file).startsWith(BEFORE)).toBe(true);
  expect((await hosts.sync(["a.test"])).kind).toBe("unchanged");
  expect((await hosts.sync(["c.test", "a.test"])).kind).toBe("written");
  expect(await listHosts(file)).toEqual(
    ["c.test", "c.test", "a.test", "a.test"].map((host, i) => ({
      host,
      address: LOOPBACK[i % 2],
      owner: { pid: process.pid, alive: true },
    })),
  );
  expect((await hosts.clear()).kind).toBe("written");
  expect(read(file)).toBe(BEFORE);
  expect((await hosts.clear()).kind).toBe("unchanged");
  expect(litter(dir)).toEqual([]);
});

test("calls made at once are carried out in their order", async () => {
  const { file } = hostsFile();
  const hosts = open(file);
  const kinds = await Promise.all([hosts.sync(["a.test"]), hosts.sync(["b.test"]), hosts.clear()]);
  expect(kinds.map(({ kind }) => kind)).toEqual(["written", "written", "written"]);
  expect(read(file)).toBe(BEFORE);
});

test("a host of the user's own lines is left to them, loopback or not, with the place", async () => {
  const text = "127.0.0.1 a.test\n10.0.0.7 b.test c.test\n";
  const { file } = hostsFile(text);
  const hosts = open(file);
  const { kind, lines, skipped } = await hosts.sync(["a.test", "b.test", "d.test"]);
  expect({ kind, lines }).toEqual({ kind: "written", lines: linesFor("d.test") });
  expect(skipped).toEqual([
    { host: "a.test", level: "notice", why: `${file}:1 already has it at 127.0.0.1` },
    { host: "b.test", level: "warning", why: expect.stringContaining(`${file}:2 sends it to 10.0.0.7`) },
  ]);
  expect((await hosts.sync(["a.test", "b.test"])).kind).toBe("written");
  expect(read(file)).toBe(text);
});

test("the lines we advised, once added by hand, make nothing to write", async () => {
  const { file } = hostsFile(`${linesFor("a.test").join("\n")}\n`);
  expect((await open(file).sync(["a.test"])).kind).toBe("unchanged");
});

test("a missing file is made and deleted again; its folder is not", async () => {
  const dir = folder();
  const file = join(dir, "hosts");
  const hosts = open(file);
  expect((await hosts.clear()).kind).toBe("unchanged");
  expect(await listHosts(file)).toEqual([]);
  expect((await hosts.sync(["a.test"])).kind).toBe("written");
  expect(sectionsOf(Buffer.from(read(file)))).toEqual({ [process.pid]: linesFor("a.test") });
  expect((await hosts.clear()).kind).toBe("written");
  expect(litter(dir)).toEqual([]);
  expect(() => statSync(file)).toThrow("ENOENT");
  expect(await open(join(dir, "none", "hosts")).sync(["a.test"])).toEqual({
    kind: "not-writable",
    lines: linesFor("a.test"),
    skipped: [],
    problem: expect.stringContaining("ENOENT"),
  });
});

test("an empty file stays an empty file", async () => {
  const { file } = hostsFile("");
  const hosts = open(file);
  await hosts.sync(["a.test"]);
  await hosts.clear();
  expect(read(file)).toBe("");
});

test("a symbolic link is kept, its target edited", async () => {
  const { dir, file } = hostsFile();
  mkdirSync(join(dir, "other"));
  const link = join(dir, "other", "link");
  symlinkSync("../hosts", link);
  const hosts = open(link);
  await hosts.sync(["a.test"]);
  expect(readlinkSync(link)).toBe("../hosts");
  expect(Object.keys(sectionsOf(Buffer.from(read(file))))).toEqual([String(process.pid)]);
  await hosts.clear();
  expect(read(file)).toBe(BEFORE);
});

test.each([
  ["a link to nowhere", (file: string) => symlinkSync("nowhere", file), "symbolic link"],
  ["a folder", (file: string) => mkdirSync(file), "is not a file"],
  ["a FIFO", (file: string) => void execFileSync("mkfifo", [file]), "is not a file"],
  ["UTF-16", (file: string) => writeFileSync(file, "\ufeff127.0.0.1 a\r\n", "utf16le"), "UTF-16"],
])("%s is left alone, in words", async (_, make, words) => {
  const file = join(folder(), "hosts");
  make(file);
  const { kind, lines, problem } = await open(file).sync(["a.test"]);
  expect({ kind, lines }).toEqual({ kind: "not-writable", lines: linesFor("a.test") });
  expect(problem).toContain(words);
});

test("with another hard link to it the file is written in place, so both names show it", async () => {
  const { dir, file } = hostsFile();
  const other = join(dir, "other");
  linkSync(file, other);
  const hosts = open(file);
  await hosts.sync(["a.test"]);
  expect(statSync(file).ino).toBe(statSync(other).ino);
  expect(read(other)).toContain("127.0.0.1 a.test");
  await hosts.clear();
  expect(read(other)).toBe(BEFORE);
  expect(litter(dir)).toEqual(["other"]);
});

test.each([0o644, 0o600, 0o664, 0o640])("mode %o is kept", async (mode) => {
  const { file } = hostsFile();
  chmodSync(file, mode);
  await open(file).sync(["a.test"]);
  expect(statSync(file).mode & 0o7777).toBe(mode);
});

test.runIf(isRoot)("owner and group are kept", async () => {
  const { file } = hostsFile();
  chownSync(file, 12, 34);
  await open(file).sync(["a.test"]);
  expect(statSync(file)).toMatchObject({ uid: 12, gid: 34 });
});

test("where the new file cannot have the old one's owner, the old one is written in place", async () => {
  const { file } = hostsFile();
  if (isRoot) chownSync(file, 12, 34);
  const disk = watchedDisk((call) => {
    if (call === "file.chown") throw fault("EPERM", call);
  });
  const before = statSync(file).ino;
  const copyAttributes = async (): Promise<void> => undefined;
  expect((await open(file, worldWith({ disk: { ...disk, copyAttributes } })).sync(["a.test"])).kind).toBe(
    "written",
  );
  if (isRoot) expect(statSync(file)).toMatchObject({ uid: 12, gid: 34, ino: before });
});

const hasXattr = ((): boolean => {
  try {
    execFileSync("python3", ["-c", "import os; os.setxattr"], { stdio: "ignore" });
    return process.platform === "linux";
  } catch {
    return false;
  }
})();
test.runIf(hasXattr)("extended attributes are kept", async ({ skip }) => {
  const { file } = hostsFile();
  const python = (code: string): string =>
    execFileSync("python3", ["-c", `import os\n${code}`, file], { encoding: "utf8", stdio: "pipe" });
  try {
    python("import sys; os.setxattr(sys.argv[1], 'user.note', b'mine')");
  } catch {
    skip("this file system has no extended attributes");
  }
  await open(file).sync(["a.test"]);
  expect(python("import sys; print(os.getxattr(sys.argv[1], 'user.note').decode())").trim()).toBe("mine");
});

test("a read-only file is left alone", async () => {
  const { file } = hostsFile();
  const disk = watchedDisk((call, [path]) => {
    if (call === "mayWrite" && path === file) throw fault("EACCES", call);
  });
  const { kind, lines, problem } = await open(file, worldWith({ disk })).sync(["a.test"]);
  expect({ kind, lines }).toEqual({ kind: "not-writable", lines: linesFor("a.test") });
  expect(problem).toContain("EACCES");
  expect(read(file)).toBe(BEFORE);
});

test("in a folder that is not ours the file is written in place, and the lock is elsewhere", async () => {
  const { dir, file } = hostsFile();
  const elsewhere = folder();
  vi.stubEnv("TMPDIR", elsewhere);
  onTestFinished(() => void vi.unstubAllEnvs());
  const disk = watchedDisk((call, [path, to]) => {
    if (call === "lstat") return;
    const touches = [path, to].some((each) => typeof each === "string" && each.startsWith(`${dir}/.`));
    if ((call === "mayWrite" && path === dir) || touches) throw fault("EACCES", call);
  });
  const hosts = open(file, worldWith({ disk }));
  const { ino } = statSync(file);
  expect((await hosts.sync(["a.test"])).kind).toBe("written");
  expect(statSync(file).ino).toBe(ino);
  await hosts.clear();
  expect(read(file)).toBe(BEFORE);
  const [own = ""] = readdirSync(elsewhere);
  expect(statSync(join(elsewhere, own)).mode & 0o777).toBe(0o700);
  expect(readdirSync(join(elsewhere, own))).toEqual([]);
});

test("onto a bind mount, where a rename is refused, the file is written in place", async () => {
  const { dir, file } = hostsFile();
  const source = join(folder(), "source");
  writeFileSync(source, BEFORE, "latin1");
  let refused = 0;
  let disk = watchedDisk();
  try {
    execFileSync("mount", ["--bind", source, file], { stdio: "ignore" });
    onTestFinished(() => void execFileSync("umount", [file]));
    disk = { ...disk, rename: (from, to) => disk_rename(from, to) };
  } catch {
    disk = watchedDisk((call) => {
      if (call !== "rename") return;
      refused++;
      throw fault("EBUSY", call);
    });
  }
  async function disk_rename(from: string, to: string): Promise<void> {
    const { rename } = await import("node:fs/promises");
    await rename(from, to).catch((error: unknown) => {
      refused++;
      throw error;
    });
  }
  const hosts = open(file, worldWith({ disk }));
  expect((await hosts.sync(["a.test"])).kind).toBe("written");
  expect(read(file)).toContain("::1 a.test");
  await hosts.clear();
  expect(read(file)).toBe(BEFORE);
  expect(refused).toBe(2);
  expect(litter(dir)).toEqual([]);
});

test.each<[string, (file: string) => void]>([
  ["in place", (file) => writeFileSync(file, `${read(file)}\n10.9.9.9 new.test\n`, "latin1")],
  [
    "by a rename",
    (file) => {
      writeFileSync(`${file}~`, `${read(file)}\n10.9.9.9 new.test\n`, "latin1");
      execFileSync("mv", [`${file}~`, file]);
    },
  ],
])("an edit by somebody else, %s, at any moment of ours is never lost", async (_, edit) => {
  for (let at = 1; ; at++) {
    const { file } = hostsFile();
    let calls = 0;
    let isLast = true;
    const disk = watchedDisk((call, args) => {
      // rename(2) does not compare, so a rename by somebody else just before ours cannot be seen.
      const isUnseen = call === "rename" && args[1] === file && edit.toString().includes("mv");
      if (++calls !== at || isUnseen) return;
      isLast = false;
      edit(file);
    });
    const hosts = open(file, worldWith({ disk }));
    const { kind } = await hosts.sync(["a.test"]);
    const bytes = Buffer.from(read(file), "latin1");
    expect(kind).toBe("written");
    expect(sectionsOf(bytes)).toEqual({ [process.pid]: linesFor("a.test") });
    if (calls < at) break;
    if (!isLast) expect(usersPart(bytes).split("\n"), `before call ${at}`).toContain("10.9.9.9 new.test");
    await hosts.clear();
    // A line below the block has an empty line before it.
    expect(read(file).replace("\n\n", "\n")).toBe(isLast ? BEFORE : `${BEFORE}\n10.9.9.9 new.test\n`);
  }
});

test("an editor that has just emptied the file to fill it is waited for", async () => {
  const { file } = hostsFile("");
  let sleeps = 0;
  const sleep = async (): Promise<void> => {
    if (++sleeps === 3) writeFileSync(file, BEFORE, "latin1");
  };
  await open(file, worldWith({ sleep })).sync(["a.test"]);
  expect(read(file).startsWith(BEFORE)).toBe(true);
});

test("a file that never stops changing is given up", async () => {
  const { file } = hostsFile();
  let edits = 0;
  const disk = watchedDisk((call) => {
    if (call === "file.sync") writeFileSync(file, `# ${++edits}\n`);
  });
  const { kind, problem } = await open(file, worldWith({ disk, sleep: async () => undefined })).sync([
    "a.test",
  ]);
  expect(kind).toBe("not-writable");
  expect(problem).toContain("keeps changing");
  expect(read(file)).toBe(`# ${edits}\n`);
});

test("what dead instances left goes with the next sync, clear or clean of anybody", async () => {
  const { file } = hostsFile();
  const world = worldWith({ alive: ({ pid }) => pid !== 77 });
  const leave = async (): Promise<void> => {
    await open(file, worldWith({ alive: () => true }), somebody(77)).sync(["dead.test"]);
    await open(file, worldWith({ alive: () => true }), somebody(78)).sync(["living.test"]);
  };
  for (const next of [
    () => open(file, world).sync(["a.test"]),
    () => open(file, world).clear(),
    () => cleanHosts(file, world),
  ]) {
    await leave();
    expect((await next()).kind).toBe("written");
    expect(sectionsOf(Buffer.from(read(file)))).toMatchObject({ 78: linesFor("living.test") });
    expect(read(file)).not.toContain("dead.test");
  }
  expect(await listHosts(file, world)).toContainEqual({
    host: "living.test",
    address: "::1",
    owner: { pid: 78, alive: true },
  });
  expect((await cleanHosts(file, worldWith({ alive: () => false }))).kind).toBe("written");
  expect(read(file)).toBe(BEFORE);
});

test("the lock of a living instance is waited for 5 s and no longer, that of a dead one is taken away", async () => {
  const { dir, file } = hostsFile();
  let now = 0;
  let living = true;
  const world = worldWith({
    alive: () => living,
    elapsed: () => now,
    sleep: async (ms) => {
      now += ms;
    },
  });
  writeFileSync(join(dir, ".hosts.ingress-dev.lock"), "4711:1:b token");
  const { kind, lines, problem } = await open(file, world).sync(["a.test"]);
  expect({ kind, lines }).toEqual({ kind: "not-writable", lines: linesFor("a.test") });
  expect(problem).toContain("process 4711");
  expect(now).toBeGreaterThanOrEqual(5000);
  expect(now).toBeLessThan(5100);
  living = false;
  expect((await open(file, world).sync(["a.test"])).kind).toBe("written");
  expect(litter(dir)).toEqual([]);
});

test.each(["", "garbage", "0:1:2 x"])("a lock that says %j is nobody's", async (text) => {
  const { dir, file } = hostsFile();
  writeFileSync(join(dir, ".hosts.ingress-dev.lock"), text);
  expect((await open(file).sync(["a.test"])).kind).toBe("written");
  expect(litter(dir)).toEqual([]);
});

test("nothing is written once the lock was taken from us", async () => {
  const { dir, file } = hostsFile();
  const disk = watchedDisk((call) => {
    if (call === "file.sync") unlinkSync(join(dir, ".hosts.ingress-dev.lock"));
  });
  const { kind, problem } = await open(file, worldWith({ disk })).sync(["a.test"]);
  expect(kind).toBe("not-writable");
  expect(problem).toContain("was taken away");
  expect(read(file)).toBe(BEFORE);
});

const journal = (before: string, after: string): string =>
  `ingress-dev journal 1 ${before.length} ${after.length}\n${before}${after}`;

test.each([
  // the file after an edit in place, its journal, what the user then has
  ["not begun", BEFORE, journal(BEFORE, `${BEFORE}xyz`), BEFORE],
  ["half of the growth", `${BEFORE}x`, journal(BEFORE, `${BEFORE}xyz`), BEFORE],
  ["half of the shrinking", "abZZZ\n", journal("abcde\n", "ZZZZZ\n").replace("abcde", "abcZZ"), "abcZZ\n"],
  ["a journal cut off", BEFORE, journal(BEFORE, "abc").slice(0, -1), BEFORE],
  ["no journal of ours", BEFORE, "something else", BEFORE],
])("an edit in place that was cut off is taken back: %s", async (_, now, text, after) => {
  const { dir, file } = hostsFile(now);
  writeFileSync(join(dir, ".hosts.ingress-dev.journal"), text, "latin1");
  expect(await cleanHosts(file)).toMatchObject({ problem: undefined });
  expect(read(file)).toBe(after);
  expect(litter(dir)).toEqual([]);
});

test("one in a file that was edited since is reported, and its first bytes are kept", async () => {
  const { dir, file } = hostsFile("edited since\n");
  writeFileSync(join(dir, ".hosts.ingress-dev.journal"), journal("old", "new"));
  const { kind, problem } = await open(file).sync(["a.test"]);
  expect(kind).toBe("written");
  expect(problem).toContain(".hosts.ingress-dev.journal.kept");
  expect(read(file).startsWith("edited since\n")).toBe(true);
  expect(litter(dir)).toEqual([".hosts.ingress-dev.journal.kept"]);
});

test.runIf(isRoot)("a journal of somebody else's is not trusted", async () => {
  const { dir, file } = hostsFile("abx");
  const forged = join(dir, ".hosts.ingress-dev.journal");
  writeFileSync(forged, journal("evil", "abx..."));
  chownSync(forged, 12, 34);
  expect(await cleanHosts(file)).toMatchObject({
    kind: "not-writable",
    problem: expect.stringContaining("delete it"),
  });
  expect(read(file)).toBe("abx");
});

test("a list that cannot be read is an error with a code", async () => {
  await expect(listHosts(folder())).rejects.toMatchObject({ code: "hosts-unreadable" });
});

test("the system's file is an absolute path", async () =>
  expect(await systemHostsFile()).toMatch(/^(\/|[A-Z]:).*hosts$/));
