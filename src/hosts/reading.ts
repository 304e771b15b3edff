import type { BigIntStats } from "node:fs";
import type { Disk, OpenFile } from "./disk.ts";
import { codeOf, done } from "./fault.ts";

/** A file as it was at one moment. */
export interface Reading {
  /** Undefined where there was none. */
  readonly bytes: Buffer | undefined;
  readonly facts: BigIntStats | undefined;
  /** Still open, so that an edit of the file by somebody who has it open is seen after a rename took its place. */
  readonly file: OpenFile | undefined;
}

const SETTLE_MS = 25;
const SETTLE_TIMES = 8;

/** @throws what the disk says, or Error for what is no regular file. The caller closes `file`. */
export async function readTarget(path: string, disk: Disk): Promise<Reading> {
  let file: OpenFile;
  try {
    // A FIFO would hold open() until somebody writes to it.
    if (!(await disk.lstat(path)).isFile()) throw new Error(`${path} is not a file`);
    file = await disk.open(path, "r");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return { bytes: undefined, facts: undefined, file: undefined };
    throw error;
  }
  try {
    const facts = await file.stat();
    return { bytes: await file.read(), facts, file };
  } catch (error) {
    await done(file);
    throw error;
  }
}

/**
 * Whether the file is still as it was read: the same one, untouched, byte for byte (mtimes are coarse on some disks).
 * The name is looked up last, so between that and a rename nothing else happens.
 */
export async function isUnchanged(path: string, reading: Reading, disk: Disk): Promise<boolean> {
  const now = await readTarget(path, disk);
  await done(now.file);
  if (now.bytes === undefined || reading.bytes === undefined) return now.bytes === reading.bytes;
  if (!now.bytes.equals(reading.bytes)) return false;
  const last = await disk.lstat(path).catch(() => undefined);
  return (["dev", "ino", "size", "mtimeNs"] as const).every(
    (fact) => last !== undefined && last[fact] === reading.facts?.[fact],
  );
}

/**
 * What the file holds once nobody writes to it: it stayed the same for 25 ms, and is not empty. An editor that writes
 * in place empties the file first, and taking that for the user's file would lose all of it. After 200 ms an empty
 * file is taken to be just that.
 */
export async function settled(
  file: OpenFile,
  first: Buffer,
  sleep: (ms: number) => Promise<void>,
): Promise<Buffer> {
  let last = first;
  for (let i = 0; i < SETTLE_TIMES; i++) {
    await sleep(SETTLE_MS);
    const next = await file.read();
    if (next.length > 0 && next.equals(last)) return next;
    last = next;
  }
  return last;
}
