import { execFile } from "node:child_process";
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Outcome } from "./outcome.ts";

/** Limits of what `npm install ingress-dev` brings, itself included; unit of the first: 10^6 bytes. */
const [MEGABYTES, PACKAGES] = [60, 130];
const ROOT = resolve(import.meta.dirname, "..");
const run = promisify(execFile);

/** Bytes that a folder takes on the disk, as `du` counts them. */
function bytesOnDisk(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => lstatSync(join(folder, name)).blocks * 512)
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** The packages that npm installed in a folder. */
function packageCount(folder: string): number {
  const lock: unknown = JSON.parse(readFileSync(join(folder, "node_modules/.package-lock.json"), "utf8"));
  if (typeof lock !== "object" || lock === null || !("packages" in lock)) throw new Error("no packages");
  return Object.keys(Object(lock.packages)).length;
}

/** Packs the tarball, installs it in an empty folder, and measures that. */
export async function benchSize(): Promise<readonly Outcome[]> {
  const folder = mkdtempSync(join(tmpdir(), "ingress-dev-size-"));
  try {
    await run("npm", ["pack", "--pack-destination", folder], { cwd: ROOT });
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const quiet = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"];
    await run("npm", ["install", "--prefix", folder, ...quiet, join(folder, tarball)], { cwd: folder });
    const megabytes = bytesOnDisk(join(folder, "node_modules")) / 1e6;
    const packages = packageCount(folder);
    return [
      {
        what: "the installed package on the disk",
        figure: `${megabytes.toFixed(1)} MB of ${MEGABYTES}`,
        ratio: megabytes / MEGABYTES,
        limit: 1,
      },
      {
        what: "packages installed",
        figure: `${packages} of ${PACKAGES}`,
        ratio: packages / PACKAGES,
        limit: 1,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
