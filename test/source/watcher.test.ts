import { appendFile, lstat, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ChokidarOptions, watch as chokidarWatch } from "chokidar";
import { expect, onTestFinished, test } from "vitest";
import { readFiles } from "../../src/source/files.ts";
import { watchRoots } from "../../src/source/inputs.ts";
import { fileId } from "../../src/source/outputs.ts";
import { watchFolders } from "../../src/source/watcher.ts";

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ingress-dev-watcher-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

const MANIFEST = `apiVersion: v1
kind: Service
metadata: { name: web }
spec: { ports: [{ port: 80 }] }
`;

interface Looks {
  /** Looks at everything, beside those that events of manifests ask for. */
  readonly more: () => number;
  readonly waitFor: (path: string) => Promise<void>;
}

/** Watches a folder until the test ends. `outputs`: absolute paths that the program writes itself. */
async function watched(folder: string, ...outputs: readonly string[]): Promise<Looks> {
  let all = 0;
  let ofManifests = 0;
  const seen = new Set<string>();
  let wake: () => void = () => undefined;
  const ready = new Promise<void>((resolve) => {
    const watch = (path: string, options: ChokidarOptions) => {
      const watcher = chokidarWatch(path, options);
      watcher.on("raw", (_kind, name) => {
        if (/a\.yaml$/.test(name)) ofManifests++;
      });
      return watcher.on("ready", () => setImmediate(resolve));
    };
    const onChange = (path: string | undefined) => {
      if (path === undefined) all++;
      else seen.add(path);
      wake();
    };
    const roots = watchRoots([{ kind: "folder", path: folder }], (path) => outputs.includes(path));
    const watcher = watchFolders(roots, { onChange, onPolling: () => undefined }, watch);
    onTestFinished(() => watcher.close());
  });
  await ready;
  // The look once the watch is in place.
  expect(all).toBe(1);
  return {
    more: () => all - 1 - ofManifests,
    waitFor: async (path) => {
      while (!seen.has(path))
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    },
  };
}

test.each([
  "log.jsonl",
  "tls.key",
  "notes.txt",
  ".a.yaml.swp",
  ".git/index",
  ".git/config.yaml",
  "node_modules/other/b.yaml",
])("lines that are added to %s are not looked at", async (name) => {
  const folder = await newFolder();
  await mkdir(join(folder, name, ".."), { recursive: true });
  await writeFile(join(folder, name), "");
  await writeFile(join(folder, "a.yaml"), "");
  const { more, waitFor } = await watched(folder);
  for (let line = 0; line < 20; line++) await appendFile(join(folder, name), "{}\n");
  // Events come in their order: once this one is here, so are those before.
  await writeFile(join(folder, "a.yaml"), MANIFEST);
  await waitFor(join(folder, "a.yaml"));
  await lstat(join(folder, name));
  await new Promise((resolve) => setImmediate(resolve));
  expect(more()).toBe(0);
});

test("nor those that the program itself writes, under a manifest's name", async () => {
  const folder = await newFolder();
  const log = join(folder, "log.json");
  await writeFile(log, "");
  await writeFile(join(folder, "a.yaml"), "");
  const { more, waitFor } = await watched(folder, log);
  for (let line = 0; line < 20; line++) await appendFile(log, "{}\n");
  await writeFile(join(folder, "a.yaml"), MANIFEST);
  await waitFor(join(folder, "a.yaml"));
  await lstat(log);
  await new Promise((resolve) => setImmediate(resolve));
  expect(more()).toBe(0);
});

test.each([
  ["a file that comes", (folder: string) => writeFile(join(folder, "new.yaml"), MANIFEST), "new.yaml"],
  [
    "one in a new folder",
    (folder: string) => writeFile(join(folder, "deep/b.yaml"), MANIFEST),
    "deep/b.yaml",
  ],
])("%s is looked at", async (_what, save, path) => {
  const folder = await newFolder();
  const { waitFor } = await watched(folder);
  await mkdir(join(folder, "deep"));
  await save(folder);
  await waitFor(join(folder, path));
});

test("a file that the program itself writes is read only where it is named", async () => {
  const folder = await newFolder();
  const log = join(folder, "log.json");
  await writeFile(join(folder, "a.yaml"), MANIFEST);
  await writeFile(log, '{"type":"ready"}\n{"type":"hit"}\n');
  const outputs = new Set([fileId(await stat(log, { bigint: true }))]);
  const filesOf = async (...inputs: readonly string[]) =>
    (await readFiles(inputs, { outputs })).files.map((file) => file.slice(folder.length + 1));
  expect(await filesOf(folder)).toEqual(["a.yaml"]);
  expect(await filesOf(join(folder, "*"))).toEqual(["a.yaml"]);
  expect(await filesOf(folder, log)).toEqual(["a.yaml", "log.json"]);
  expect((await readFiles([folder], { outputs: new Set() })).files).toContain(log);
});
