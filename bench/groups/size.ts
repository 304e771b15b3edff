import { execFile } from "node:child_process";
import { lstatSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { type BenchOptions, inScratch } from "../bench.ts";

/** Limit of what `npm install ingress-dev` brings, itself included. unit: MB (10^6 bytes) */
const MEGABYTES = 20;
const ROOT = resolve(import.meta.dirname, "../..");
const run = promisify(execFile);

/** Bytes that a folder takes on the disk, as `du` counts them. */
function bytesOnDisk(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((name) => lstatSync(join(folder, name)).blocks * 512)
    .reduce((sum, bytes) => sum + bytes, 0);
}

/** Packs the tarball, installs it in an empty folder, and measures that. */
export async function benchSize({ report }: Pick<BenchOptions, "report">): Promise<void> {
  await inScratch(async (folder) => {
    await run("npm", ["pack", "--pack-destination", folder], { cwd: ROOT });
    const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz")) ?? "";
    const quiet = ["--omit=dev", "--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"];
    await run("npm", ["install", "--prefix", folder, ...quiet, join(folder, tarball)], { cwd: folder });
    const megabytes = bytesOnDisk(join(folder, "node_modules")) / 1e6;
    report({
      what: "the installed package on the disk",
      figures: { "ingress-dev": megabytes },
      ...{ unit: "MB", ratio: megabytes / MEGABYTES, limit: 1, of: `${MEGABYTES} MB` },
    });
  });
}
