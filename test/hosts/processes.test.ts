import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { openHosts } from "../../src/hosts/file.ts";
import { currentOwner } from "../../src/hosts/owner.ts";
import { built } from "../support/built.ts";
import { folder, LOOPBACK, linesFor, litter, read, sectionsOf, usersPart } from "./support.ts";

const BEFORE = "127.0.0.1\tlocalhost # mine\n10.0.0.1 caf\xe9\n";
const SCRIPT = built(join(import.meta.dirname, "instance.ts"));

interface Instance {
  readonly child: ChildProcess;
  /** Resolves just before its first sync. */
  readonly started: Promise<unknown>;
  /** Its standard error, once it ended. */
  readonly ended: Promise<string>;
}

function instance(file: string, name: string, rounds: number): Instance {
  const child = spawn(process.execPath, [SCRIPT, file, name, String(rounds)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const ended = once(child, "close").then(() => said);
  return { child, started: Promise.race([once(child.stdout ?? child, "data"), ended]), ended };
}

function hostsFile(): { dir: string; file: string } {
  const dir = folder();
  const file = join(dir, "hosts");
  writeFileSync(file, BEFORE, "latin1");
  return { dir, file };
}

test("40 times SIGKILL at any moment: the file is old or new, and the next sync tidies up", async () => {
  const { dir, file } = hostsFile();
  const sets = [[], linesFor("a.k.test"), linesFor("a.k.test", "b.k.test")];
  const next = openHosts({ file, addresses: LOOPBACK, owner: currentOwner() });
  const killOne = async (kill: number): Promise<void> => {
    const { child, started, ended } = instance(file, "k", 0);
    await started;
    // Not a wait: the moment of the kill, spread over a few edits.
    await pause((kill * 7) % 41);
    child.kill("SIGKILL");
    expect(await ended).toBe("");
    const bytes = readFileSync(file);
    expect(usersPart(bytes), `kill ${kill}`).toBe(BEFORE);
    expect(sets, `kill ${kill}`).toContainEqual(sectionsOf(bytes)[child.pid ?? 0] ?? []);
  };
  for (let kill = 0; kill < 40; kill += 4) {
    await Promise.all([0, 1, 2, 3].map((i) => killOne(kill + i)));
    expect((await next.sync(["next.test"])).problem).toBeUndefined();
    expect(sectionsOf(readFileSync(file))).toEqual({ [process.pid]: linesFor("next.test") });
    await next.clear();
    expect(read(file)).toBe(BEFORE);
    expect(litter(dir)).toEqual([]);
  }
}, 180_000);

test("12 instances that add and remove at once: each has its exact lines at every moment, and none stay", async () => {
  const { dir, file } = hostsFile();
  const all = Array.from({ length: 12 }, (_, i) => instance(file, `i${i}`, 6));
  const said = Promise.all(all.map(({ ended }) => ended));
  let over = false;
  void said.then(() => {
    over = true;
  });
  let most = 0;
  while (!over) {
    const bytes = readFileSync(file);
    expect(usersPart(bytes)).toBe(BEFORE);
    const sections = Object.values(sectionsOf(bytes));
    most = Math.max(most, sections.length);
    for (const lines of sections) {
      const name = /\.(i\d+)\./.exec(lines[0] ?? "")?.[1];
      expect([linesFor(`a.${name}.test`), linesFor(`a.${name}.test`, `b.${name}.test`)]).toContainEqual(
        lines,
      );
    }
    await pause(1);
  }
  expect((await said).join("")).toBe("");
  expect(most).toBeGreaterThan(1);
  expect(read(file)).toBe(BEFORE);
  expect(litter(dir)).toEqual([]);
}, 120_000);
