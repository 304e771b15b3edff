import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, onTestFinished, test } from "vitest";
import { MAIN } from "../support/built.ts";

/** Linux has a device that is always full. */
const FULL = "/dev/full";
const EXAMPLE = join(import.meta.dirname, "../../examples/quick-start");

async function runWithFullOutput(...args: readonly string[]): Promise<readonly [number | null, string]> {
  const full = openSync(FULL, "w");
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ["ignore", full, "pipe"] });
  closeSync(full);
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = child.stderr === null ? "" : text(child.stderr);
  const [code] = await once(child, "exit");
  return [code, await said];
}

test.skipIf(!existsSync(FULL)).each(["routes", "explain", "check", "up"])(
  "%s says that its output is lost, and ends with 2",
  async (command) => {
    const folder = mkdtempSync(join(tmpdir(), "ingress-dev-full-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const apart = ["--hosts-file", join(folder, "hosts"), "--certs-dir", join(folder, "certs")];
    const ports = ["--http-port", "0", "--https-port", "0"];
    const args = command === "up" ? [...ports, ...apart] : command === "explain" ? ["www.basic1.com"] : [];
    expect(await runWithFullOutput(command, ...args, EXAMPLE)).toEqual([
      2,
      "error: Standard output cannot be written: ENOSPC: no space left on device, write.\n  Free space on the disk, or send the output elsewhere.\n",
    ]);
  },
);
