import { EventEmitter } from "node:events";
import { mkdir, mkdtemp, rename, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { watch as chokidarWatch } from "chokidar";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Reading, watchFiles } from "../../src/source/files.ts";

let folder = "";
let watching: { readonly first: Reading; close(): Promise<void> } | undefined;
let readings: Reading[] = [];
let waiting: (() => void)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ingress-dev-watch-"));
  readings = [];
  waiting = [];
});

afterEach(async () => {
  await watching?.close();
  watching = undefined;
  await rm(folder, { recursive: true, force: true });
});

const ingress = (name: string, host = `${name}.test`) => `apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ${name}
spec:
  rules:
  - host: ${host}
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
`;

const hostsOf = (reading: Reading) =>
  reading.snapshot.ingresses.flatMap((one) => one.spec.rules.map((rule) => rule.host));

async function start(inputs: readonly string[], io = {}): Promise<Reading> {
  watching = await watchFiles(
    inputs,
    (reading) => {
      readings.push(reading);
      for (const check of waiting) check();
    },
    io,
  );
  return watching.first;
}

/** Waits for a past or future reading with a property. */
function until(holds: (reading: Reading) => boolean): Promise<Reading> {
  return new Promise((resolve) => {
    const check = () => {
      const found = readings.find(holds);
      if (found !== undefined) resolve(found);
    };
    waiting.push(check);
    check();
  });
}

const serves =
  (...hosts: readonly string[]) =>
  (reading: Reading) =>
    hostsOf(reading).join() === hosts.join();

const a = () => join(folder, "a.yaml");
const b = () => join(folder, "b.yaml");

test.each<[string, () => Promise<void>]>([
  ["written in place", () => writeFile(a(), ingress("new"))],
  [
    "written beside and renamed over it",
    async () => {
      await writeFile(join(folder, ".a.yaml.swp"), ingress("new"));
      await rename(join(folder, ".a.yaml.swp"), a());
    },
  ],
  [
    "truncated, then written",
    async () => {
      await truncate(a());
      await writeFile(a(), ingress("new"));
    },
  ],
  [
    "deleted, then made again",
    async () => {
      await rm(a());
      await writeFile(a(), ingress("new"));
    },
  ],
  [
    "moved away as a backup, then made again",
    async () => {
      await rename(a(), `${a()}~`);
      await writeFile(a(), ingress("new"));
    },
  ],
])("a file that is %s is read again, in a folder and by name", async (_how, save) => {
  for (const inputs of [[folder], [a()], [join(folder, "*.yaml")]]) {
    await writeFile(a(), ingress("old"));
    expect(hostsOf(await start(inputs))).toEqual(["old.test"]);
    await save();
    const reading = await until(serves("new.test"));
    expect(reading.noticedAt).toBeGreaterThan(0);
    expect(readings.filter((one) => hostsOf(one).length === 0)).toEqual([]);
    await watching?.close();
    readings = [];
  }
});

test("new files and folders are found, deleted ones drop their objects", async () => {
  await writeFile(a(), ingress("a"));
  await start([folder]);
  await mkdir(join(folder, "more/deep"), { recursive: true });
  await writeFile(join(folder, "more/deep/c.yaml"), ingress("c"));
  await until(serves("a.test", "c.test"));
  await rm(join(folder, "more"), { recursive: true });
  readings = [];
  await until(serves("a.test"));
});

test("a renamed file is its object under the new name, at once and once", async () => {
  await writeFile(a(), ingress("a"));
  await start([folder]);
  await rename(a(), b());
  const reading = await until((one) => one.files.join() === b());
  expect(serves("a.test")(reading)).toBe(true);
  expect(readings.flatMap((one) => one.problems)).toEqual([]);
});

test("100 saves a second end with the last one, and never with nothing", async () => {
  await writeFile(a(), ingress("a"));
  await start([folder]);
  for (let at = 0; at < 150; at++) {
    await writeFile(a(), ingress("a", `h${at}.test`));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await until(serves("h149.test"));
  expect(readings.every((one) => hostsOf(one).length === 1)).toBe(true);
  // Delayed by 500 ms at most: 1.5 s of saves are delivered in between, not only at their end.
  expect(readings.length).toBeGreaterThan(1);
});

test("a document that no longer parses keeps its last good content, and a problem says so", async () => {
  await writeFile(a(), `${ingress("one")}---\n${ingress("two")}`);
  await start([folder]);
  const broken = `${ingress("one", "changed.test")}---\n${ingress("two").replace("spec:", " spec:")}`;
  await writeFile(a(), broken);
  const reading = await until(serves("changed.test", "two.test"));
  expect(reading.problems.map(({ code, level }) => `${level} ${code}`)).toEqual([
    "error bad-yaml",
    "error last-good-kept",
  ]);
  expect(reading.problems[1]).toMatchObject({
    object: { kind: "Ingress", namespace: "default", name: "two" },
    message: expect.stringMatching(/a\.yaml:16: Ingress default\/two .*the last good version stays in use$/),
  });
  await writeFile(a(), `${ingress("one")}---\n${ingress("two", "mended.test")}`);
  expect((await until(serves("one.test", "mended.test"))).problems).toEqual([]);
});

test("an Ingress that the API server would refuse keeps its last good version too, through further bad saves", async () => {
  await writeFile(a(), ingress("one"));
  await start([folder]);
  await writeFile(a(), ingress("one").replace("rules:", "rulez:"));
  const first = await until((one) => one.problems.length > 0);
  expect(first.problems.map(({ code }) => code)).toEqual(["unknown-field", "last-good-kept"]);
  expect(hostsOf(first)).toEqual(["one.test"]);
  await writeFile(a(), ingress("one").replace("rules:", "rulex:"));
  const second = await until((one) => one.problems[0]?.message.includes("rulex") === true);
  expect(hostsOf(second)).toEqual(["one.test"]);
});

test("a file that becomes binary keeps its objects; emptied, it loses them", async () => {
  await writeFile(a(), ingress("a"));
  await writeFile(b(), ingress("b"));
  await start([folder]);
  await writeFile(a(), Buffer.from([1, 0, 0, 0, 2, 0, 0]));
  const binary = await until((one) => one.problems.some(({ code }) => code === "unreadable-file"));
  expect(hostsOf(binary)).toEqual(["a.test", "b.test"]);
  await writeFile(a(), "");
  await until(serves("b.test"));
});

test("the same content again is no reading", async () => {
  await writeFile(a(), ingress("a"));
  await writeFile(b(), ingress("b"));
  await start([folder]);
  await writeFile(a(), ingress("a"));
  await writeFile(b(), ingress("c"));
  await until(serves("a.test", "c.test"));
  expect(readings).toHaveLength(1);
});

test("a folder that is deleted and made again (git checkout) is followed", async () => {
  const inner = join(folder, "k8s");
  await mkdir(inner);
  await writeFile(join(inner, "a.yaml"), ingress("a"));
  await start([inner]);
  await rm(inner, { recursive: true });
  await until(serves());
  await mkdir(inner);
  await writeFile(join(inner, "a.yaml"), ingress("b"));
  await until(serves("b.test"));
  await writeFile(join(inner, "a.yaml"), ingress("c"));
  await until(serves("c.test"));
});

test("a folder that is there and cannot be listed keeps what it held, and a problem says so", async () => {
  const inner = join(folder, "k8s");
  await mkdir(inner);
  await writeFile(join(inner, "a.yaml"), ingress("a"));
  await start([inner]);
  await rename(inner, join(folder, "moved"));
  await symlink(inner, inner);
  const told = await until((one) => one.problems.some(({ code }) => code === "unreadable-file"));
  expect(hostsOf(told)).toEqual(["a.test"]);
  await rm(inner);
  await rename(join(folder, "moved"), inner);
  await until((one) => one.problems.length === 0);
  expect(readings.every((one) => hostsOf(one).join() === "a.test")).toBe(true);
});

test("a folder that is moved away and comes back before the next look at it is followed", async () => {
  const [inner, moved] = [join(folder, "k8s"), join(folder, "moved")];
  await mkdir(inner);
  await writeFile(join(inner, "a.yaml"), ingress("a"));
  let isReady = false;
  const watch: typeof chokidarWatch = (path, options) =>
    chokidarWatch(path, options).on("ready", () => {
      isReady = true;
    });
  await start([inner], { watch });
  await expect.poll(() => isReady).toBe(true);
  // The moment of the look is chance: one of a few rounds falls before it.
  for (const name of ["b", "c", "d", "e", "f"]) {
    readings = [];
    await rename(inner, moved);
    await symlink(inner, inner);
    await until((one) => one.problems.some(({ code }) => code === "unreadable-file"));
    await rm(inner);
    await rename(moved, inner);
    await writeFile(join(inner, "a.yaml"), ingress(name));
    await until(serves(`${name}.test`));
  }
});

test("without watches left it polls, and says so", async () => {
  await writeFile(a(), ingress("a"));
  const exhausted: typeof chokidarWatch = (path, options) => {
    if (options?.usePolling === true) return chokidarWatch(path, options);
    const refused = Object.assign(new EventEmitter(), { close: async () => undefined });
    const error = Object.assign(new Error("ENOSPC: System limit for number of file watchers reached"), {
      code: "ENOSPC",
    });
    setImmediate(() => refused.emit("error", error));
    return refused as ReturnType<typeof chokidarWatch>;
  };
  await start([folder], { watch: exhausted });
  const told = await until((one) => one.problems.length > 0);
  expect(told.problems.map(({ code, level }) => `${level} ${code}`)).toEqual(["notice watching-by-polling"]);
  await writeFile(a(), ingress("polled"));
  await until(serves("polled.test"));
});
