import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { MAIN } from "../../support/built.ts";

const MANIFESTS = join(import.meta.dirname, "manifests.yaml");
const SHOP = "manifests: k8s\ntests:\n- {request: GET http://shop.test/, expect: web}\n";

let folder = "";
let program: ChildProcess | undefined;
let said = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "ingress-dev-test-watch-"));
});
afterEach(async () => {
  if (program !== undefined && program.exitCode === null && program.signalCode === null) {
    program.kill("SIGKILL");
    await once(program, "exit");
  }
  rmSync(folder, { recursive: true });
});

function start(): void {
  said = "";
  program = spawn(process.execPath, [MAIN, "test", "--watch"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [program.stdout, program.stderr])
    stream?.on("data", (chunk: Buffer) => {
      said += String(chunk);
    });
}

/** Waits for a run of the tests, and forgets what it said. */
async function run(expected: string): Promise<void> {
  await expect.poll(() => said).toContain(expected);
  await expect.poll(() => said).toContain("Waiting for changes");
  said = "";
}

test("it runs again after each change of a test file or a manifest, shows mistakes, and ends with the signal", async () => {
  mkdirSync(join(folder, "k8s"));
  cpSync(MANIFESTS, join(folder, "k8s/a.yaml"));
  writeFileSync(join(folder, "x.test.yaml"), SHOP);
  start();
  await run("1 test: 1 passed");
  writeFileSync(join(folder, "x.test.yaml"), SHOP.replace("web", "cart"));
  await run("1 test: 1 failed");
  writeFileSync(join(folder, "x.test.yaml"), SHOP.replace("expect", "expct"));
  await run('error: x.test.yaml:3: there is no key "expct" in a test.');
  writeFileSync(join(folder, "x.test.yaml"), SHOP);
  await run("1 test: 1 passed");
  rmSync(join(folder, "k8s"), { recursive: true });
  await run("error: x.test.yaml:1: manifests: k8s does not exist.");
  mkdirSync(join(folder, "k8s"));
  cpSync(MANIFESTS, join(folder, "k8s/a.yaml"));
  await expect.poll(() => said).toContain("1 test: 1 passed");
  writeFileSync(join(folder, "y.test.yml"), SHOP);
  await expect.poll(() => said).toContain("2 tests: 2 passed");
  program?.kill("SIGINT");
  const [code] = await once(program as ChildProcess, "exit");
  expect(code).toBe(130);
});
