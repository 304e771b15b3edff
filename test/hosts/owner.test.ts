import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { alive, currentOwner, ownerText, parseOwner } from "../../src/hosts/owner.ts";

const me = currentOwner();
const hasPs = spawnSync("ps", ["-o", "lstart=", "-p", String(process.pid)]).status === 0;
const isLinux = process.platform === "linux";

test("this process is alive, and the same each time", () => {
  expect(me.pid).toBe(process.pid);
  expect(currentOwner()).toEqual(me);
  expect(alive(me)).toBe(true);
});

test.runIf(isLinux)("on Linux it has a start time and a boot", () => {
  expect(me.started).toMatch(/^\d+$/);
  expect(me.boot).toMatch(/^[0-9a-f-]{36}$/);
});

test.runIf(isLinux).each([
  ["another process with the pid of an ended one", { ...me, started: `${me.started}1` }],
  ["a process before the last boot", { ...me, boot: "another" }],
  ["a pid that no process has", { ...me, pid: 2 ** 22 + 1 }],
  ["pid 0, which kill(2) takes for our own group", { ...me, pid: 0 }],
])("dead: %s", (_, owner) => expect(alive(owner)).toBe(false));

test("an owner of whom only the pid is known is alive while the pid is", () =>
  expect(alive({ pid: process.pid, started: "", boot: "" })).toBe(true));

test("a process is dead once killed, its parent asking or not", async () => {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  await once(child, "spawn");
  const owner = { pid: child.pid ?? 0, started: "", boot: "" };
  expect(alive(owner)).toBe(true);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(alive(owner)).toBe(false);
});

test.runIf(hasPs)("where there is no /proc, ps says when it started, in any time zone", () => {
  const there = currentOwner("darwin");
  expect(there).toEqual({ pid: process.pid, started: expect.stringMatching(/^\d{10}$/), boot: "" });
  expect(alive(there, "darwin")).toBe(true);
  expect(alive({ ...there, started: "1000000000" }, "darwin")).toBe(false);
});

test("as text and back", () => expect(parseOwner(ownerText(me))).toEqual(me));
test.each([
  "",
  "x",
  "1",
  "1:2",
  "0:1:2",
  "-1:1:2",
  "1:2:3:4",
  "1:a b:c",
  "1:2:3\n",
])("%j is no owner", (text) => expect(parseOwner(text)).toBeUndefined());
