import { spawn } from "node:child_process";
import { type BigIntStats, constants } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import * as fs from "node:fs/promises";

/** The few calls that read and write the hosts file. A test can make each of them fail. */
export const systemDisk = {
  realpath: (path: string): Promise<string> => fs.realpath(path),
  lstat: (path: string): Promise<BigIntStats> => fs.lstat(path, { bigint: true }),
  /** Rejects unless the process may write there. */
  mayWrite: (path: string): Promise<void> => fs.access(path, constants.W_OK),
  mkdir: (path: string, mode: number) => fs.mkdir(path, mode),
  open: (path: string, flags: string, mode?: number): Promise<FileHandle> => fs.open(path, flags, mode),
  /** A new file; rejects with EEXIST where there is one. */
  create: (path: string, text: string): Promise<void> =>
    fs.writeFile(path, text, { flag: "wx", mode: 0o644 }),
  rename: (from: string, to: string): Promise<void> => fs.rename(from, to),
  unlink: (path: string): Promise<void> => fs.unlink(path),
  copyAttributes,
};

export type Disk = typeof systemDisk;

export interface FileState {
  readonly bytes: Buffer;
  readonly facts: BigIntStats;
}

/** `undefined` for a missing file. @throws the disk's error, or Error unless it is a regular file */
export async function readState(path: string, disk: Disk): Promise<FileState | undefined> {
  let file: FileHandle | undefined;
  try {
    // A FIFO would hold open() until somebody writes to it.
    if (!(await disk.lstat(path)).isFile()) throw new Error(`${path} is not a file`);
    file = await disk.open(path, "r");
    return { facts: await file.stat({ bigint: true }), bytes: await file.readFile() };
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return undefined;
    throw error;
  } finally {
    await closeQuietly(file);
  }
}

export function sameBytes(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

/** Compares bytes and facts: modification times are coarse on some disks. */
export async function isUnchanged(path: string, before: FileState | undefined, disk: Disk): Promise<boolean> {
  const now = await readState(path, disk);
  if (!sameBytes(now?.bytes, before?.bytes)) return false;
  if (before === undefined) return true;
  // The name is looked up last, so that nothing else happens between this and a rename.
  const last = await disk.lstat(path).catch(() => undefined);
  return (["dev", "ino", "size", "mtimeNs"] as const).every((fact) => last?.[fact] === before.facts[fact]);
}

export async function writeAt(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; )
    done += (await file.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

export async function exists(path: string, disk: Disk): Promise<boolean> {
  try {
    await disk.lstat(path);
    return true;
  } catch (error) {
    if (errnoOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Deletes a file if there is one. Looks first: on a read-only disk even unlink() of nothing fails. */
export async function remove(path: string, disk: Disk): Promise<void> {
  if (await exists(path, disk)) await disk.unlink(path);
}

/** Closes a file that was only read or is synced: an error has nothing to tell. */
export async function closeQuietly(file: FileHandle | undefined): Promise<void> {
  await file?.close().catch(() => undefined);
}

/** `ENOENT` and the like; `""` for any other error. */
export function errnoOf(error: unknown): string {
  return (error instanceof Error && (error as NodeJS.ErrnoException).code) || "";
}

/** GNU `cp` can leave the contents out; `cp -p` of macOS copies them, so the caller truncates. */
const CP_OPTIONS: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  linux: ["--attributes-only", "--preserve=all", "--"],
  darwin: ["-p", "--"],
};

/**
 * Copies extended attributes of `from` (SELinux context, ACL) to `to`, an empty file. Node cannot read them,
 * so the system's `cp` does. Never rejects.
 */
function copyAttributes(from: string, to: string): Promise<void> {
  const options = CP_OPTIONS[process.platform];
  if (options === undefined) return Promise.resolve();
  return new Promise((resolve) => {
    const copied = spawn("cp", [...options, from, to], { timeout: 5000, stdio: "ignore" });
    copied.once("error", () => resolve()).once("close", () => resolve());
  });
}
