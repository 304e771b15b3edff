import { execFileSync } from "node:child_process";
import { linkSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, onTestFinished, test, vi } from "vitest";
import type { Disk } from "../../src/hosts/disk.ts";
import { type HostsOutcome, openHosts } from "../../src/hosts/file.ts";
import {
  type Before,
  cleanHosts,
  fault,
  folder,
  LOOPBACK,
  linesFor,
  litter,
  read,
  sectionsOf,
  somebody,
  watchedDisk,
  worldWith,
} from "./support.ts";

// Where the hosts file's folder is not ours, the lock is in the folder for temporary files.
beforeAll(() => {
  const path = mkdtempSync(join(tmpdir(), "ingress-dev-hosts-"));
  vi.stubEnv("TMPDIR", path);
  return () => {
    vi.unstubAllEnvs();
    rmSync(path, { recursive: true, force: true });
  };
});

const BEFORE = "127.0.0.1\tlocalhost # mine\r\n10.0.0.1 caf\xe9";
const ERRNOS = ["ENOSPC", "EIO", "EPERM", "EACCES", "EROFS", "EMFILE", "EBUSY", "EXDEV"];
const ME = somebody(101);

interface Setup {
  readonly dir: string;
  readonly file: string;
}
/** `in place`: the file has a second hard link. */
const WAYS = ["rename", "in place"] as const;

function setUp(way: (typeof WAYS)[number]): Setup {
  const dir = folder();
  const file = join(dir, "hosts");
  writeFileSync(file, BEFORE, "latin1");
  if (way === "in place") linkSync(file, join(dir, "second"));
  return { dir, file };
}
const open = (file: string, disk: Disk, living: readonly number[] = [101]) =>
  openHosts(
    { file, addresses: LOOPBACK, owner: ME },
    worldWith({
      disk,
      alive: ({ pid }) => living.includes(pid) || pid === process.pid,
      holder: () => `${process.pid}:: t`,
    }),
  );

async function callsOf(way: (typeof WAYS)[number], disk: (calls: string[]) => Disk): Promise<string[]> {
  const calls: string[] = [];
  await open(setUp(way).file, disk(calls)).sync(["a.test"]);
  return calls;
}
const recording = (calls: string[]): Disk => watchedDisk((call) => void calls.push(call));

function expectWhole(outcome: HostsOutcome, file: string, note: string): void {
  if (outcome.kind === "written") {
    expect(sectionsOf(Buffer.from(read(file), "latin1")), note).toEqual({ 101: linesFor("a.test") });
    expect(read(file).startsWith(BEFORE), note).toBe(true);
  } else {
    expect(outcome, note).toMatchObject({ kind: "not-writable", lines: linesFor("a.test") });
    expect(outcome.problem, note).toMatch(/could not be changed: .+/);
    // A device takes the new bytes and then no more: the next run puts the old ones back.
    if (!outcome.problem?.includes("could not be put back")) expect(read(file), note).toBe(BEFORE);
    else expect(note).toMatch(/for ever$/);
  }
}

test.each(
  WAYS.flatMap((way) => ERRNOS.map((errno) => [way, errno] as const)),
)("%s: whichever call fails with %s, once or from then on, the file is old or new and nothing is thrown", async (way, errno) => {
  const calls = await callsOf(way, recording);
  expect(calls.length).toBeGreaterThan(15);
  for (const until of ["once", "for ever"])
    for (const [at, name] of calls.entries()) {
      const note = `${name}, call ${at + 1}, ${until}`;
      const { dir, file } = setUp(way);
      let count = -1;
      let broken = true;
      const disk = watchedDisk((call) => {
        count++;
        if (broken && (count === at || (count > at && until === "for ever"))) throw fault(errno, call);
      });
      const hosts = open(file, disk);
      expectWhole(await hosts.sync(["a.test"]), file, note);
      broken = false;
      expect((await hosts.clear()).kind, note).not.toBe("not-writable");
      expect(read(file), note).toBe(BEFORE);
      // The next run that looks removes what a failed clean-up left.
      expect(
        litter(dir).filter((left) => left !== "second"),
        note,
      ).toEqual([]);
      rmSync(dir, { recursive: true });
    }
});

/**
 * Death at the n-th call: that call and all later ones never return, and a write stops half way. Then another instance
 * syncs, to whom the first is dead.
 */
test.each(
  WAYS,
)("%s: killed at any call, the next run finds the file old or new, and tidies up", async (way) => {
  const calls = await callsOf(way, recording);
  for (const edit of ["add", "change", "remove"] as const)
    for (let at = 0; at < calls.length + 8; at++) {
      const note = `${edit}, killed at call ${at + 1}`;
      const { dir, file } = setUp(way);
      const start = edit === "add" ? [] : ["a.test", "b.test", "c.test"];
      await open(file, watchedDisk()).sync(start);
      const old = read(file);

      await killedAt(at, file, edit === "remove" ? [] : ["c.test", "d.test"]);
      const hosts = openHosts(
        { file, addresses: LOOPBACK, owner: somebody(102) },
        worldWith({ alive: ({ pid }) => pid === 102, holder: () => "102:1:test t" }),
      );
      if (way === "rename") expect([old, await finished(way, start, edit)], note).toContain(read(file));
      expect((await hosts.sync(["next.test"])).problem, note).toBeUndefined();
      expect(sectionsOf(Buffer.from(read(file), "latin1")), note).toEqual({ 102: linesFor("next.test") });
      await hosts.clear();
      expect(read(file), note).toBe(BEFORE);
      expect(
        litter(dir).filter((left) => left !== "second"),
        note,
      ).toEqual([]);
      rmSync(dir, { recursive: true });
    }
});

test("killed at any call while taking a dead one's lock away: the next run tidies up", async () => {
  for (let at = 0; at < 20; at++) {
    const { dir, file } = setUp("rename");
    writeFileSync(join(dir, ".hosts.ingress-dev.lock"), "77:1:b token");
    await killedAt(at, file, ["a.test"]);
    const alive = ({ pid }: { pid: number }): boolean => pid === 102;
    expect(await cleanHosts(file, worldWith({ alive, holder: () => "102:1:test t" }))).toMatchObject({
      problem: undefined,
    });
    expect(read(file), `killed at call ${at + 1}`).toBe(BEFORE);
    expect(litter(dir), `killed at call ${at + 1}`).toEqual([]);
  }
});

/** Does half of a call that writes. */
async function halfOf(call: string, args: readonly unknown[], real: Parameters<Before>[2]): Promise<void> {
  const [first, second] = args;
  if (call === "file.write" && Buffer.isBuffer(first)) await real(first, 0, first.length >> 1, args[3]);
  if (call === "file.writeFile" && Buffer.isBuffer(first)) await real(first.subarray(0, first.length >> 1));
  if (call === "create") await real(first, String(second).slice(0, String(second).length >> 1));
}

/** The contents of the file when nobody is killed. */
const results = new Map<string, string>();
async function finished(way: (typeof WAYS)[number], start: readonly string[], edit: string): Promise<string> {
  const key = `${way} ${edit}`;
  const known = results.get(key);
  if (known !== undefined) return known;
  const { file } = setUp(way);
  const hosts = open(file, watchedDisk());
  await hosts.sync(start);
  await hosts.sync(edit === "remove" ? [] : ["c.test", "d.test"]);
  results.set(key, read(file));
  return read(file);
}

/** Resolves at the death, or when the sync was over before it. */
async function killedAt(at: number, file: string, hosts: readonly string[]): Promise<void> {
  const opened: FileHandle[] = [];
  await new Promise<void>((died) => {
    let count = 0;
    const disk = watchedDisk(async (call, args, real) => {
      if (count++ < at) return;
      // A write may be half done; every other call is done or not.
      if (count === at + 1) await halfOf(call, args, real);
      died();
      await new Promise(() => undefined);
    }, opened);
    void open(file, disk)
      .sync(hosts)
      .then(() => died());
  });
  // The system does so for a dead process.
  await Promise.all(opened.map((each) => each.close().catch(() => undefined)));
}

test("a full disk, a real one: the file stays, and there is a way out", async ({ skip }) => {
  const dir = folder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", dir], { stdio: "ignore" });
  } catch {
    skip("no tmpfs can be mounted here");
  }
  onTestFinished(() => void execFileSync("umount", [dir]));
  const file = join(dir, "hosts");
  for (const way of WAYS) {
    writeFileSync(file, BEFORE, "latin1");
    if (way === "in place") linkSync(file, join(dir, "second"));
    const filler = join(dir, "filler");
    expect(() => writeFileSync(filler, Buffer.alloc(1 << 20))).toThrow("ENOSPC");
    const many = Array.from({ length: 400 }, (_, i) => `host-${i}.a.test`);
    const hosts = openHosts({ file, addresses: LOOPBACK, owner: ME }, worldWith({}));
    const outcome = await hosts.sync(many);
    expect(outcome).toMatchObject({ kind: "not-writable", lines: linesFor(...many) });
    expect(outcome.problem).toContain("ENOSPC");
    expect(read(file)).toBe(BEFORE);
    rmSync(filler);
    expect((await hosts.sync(["a.test"])).kind).toBe("written");
    await hosts.clear();
    expect(read(file)).toBe(BEFORE);
  }
  expect(statSync(file).nlink).toBe(2);
});
