import type { Disk, OpenFile } from "./disk.ts";
import { codeOf, done, remove } from "./fault.ts";
import type { Places } from "./places.ts";

/**
 * Writes down what an edit in place starts from and leads to, before the first byte of it is written: such an edit can
 * be cut off half way (SIGKILL, power), and the next run then puts the file back.
 *
 * @throws what the disk says; then there is no journal, and nothing may be written in place.
 */
export async function writeJournal(places: Places, before: Buffer, after: Buffer, disk: Disk): Promise<void> {
  await remove(places.journal, disk);
  const file = await disk.open(places.journal, "wx", 0o600);
  try {
    const head = Buffer.from(`ingress-dev journal 1 ${before.length} ${after.length}\n`);
    await file.write(Buffer.concat([head, before, after]), 0);
    await file.sync();
  } catch (error) {
    await remove(places.journal, disk).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Puts the target back where an edit in place was cut off, and deletes the journal. Only with the lock held.
 *
 * Every byte of such a file is the old one or the new one at its place. A file that is otherwise was edited by
 * somebody since, and is left alone; the journal then stays under another name.
 *
 * @returns a sentence for the user, in that last case.
 */
export async function recover(places: Places, disk: Disk): Promise<string | undefined> {
  const journal = await readJournal(places, disk);
  if (journal === undefined) return undefined;
  if (journal !== "incomplete") {
    const { before, after } = journal;
    const file = await openTarget(places, disk);
    if (file === undefined) return keepAside(places, disk);
    try {
      const now = await file.read();
      if (!now.equals(before) && !now.equals(after)) {
        if (!isMixOf(now, before, after)) return await keepAside(places, disk);
        await overwrite(file, now, before);
      }
    } finally {
      await done(file);
    }
  }
  await remove(places.journal, disk);
  return undefined;
}

/**
 * Makes `after` of a file that holds `before`. What is added comes first, and is taken back when there is no room for
 * it, so a full disk does not touch a byte that was there.
 */
export async function overwrite(file: OpenFile, before: Buffer, after: Buffer): Promise<void> {
  const common = Math.min(before.length, after.length);
  if (after.length > common) {
    try {
      await file.write(after.subarray(common), common);
      await file.sync();
    } catch (error) {
      await file.truncate(common);
      throw error;
    }
  }
  const first = firstDifference(before, after, common);
  if (first < common) await file.write(after.subarray(first, common), first);
  if (before.length > common) await file.truncate(common);
  await file.sync();
}

async function openTarget(places: Places, disk: Disk): Promise<OpenFile | undefined> {
  try {
    return await disk.open(places.target, "r+");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function readJournal(
  places: Places,
  disk: Disk,
): Promise<{ before: Buffer; after: Buffer } | "incomplete" | undefined> {
  let bytes: Buffer;
  try {
    const file = await disk.open(places.journal, "r");
    try {
      if (!isTrusted((await file.stat()).uid))
        throw new Error(`${places.journal} is not a file of yours: delete it`);
      bytes = await file.read();
    } finally {
      await done(file);
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  const start = bytes.indexOf("\n") + 1;
  const head = /^ingress-dev journal 1 (\d+) (\d+)\n$/.exec(bytes.toString("latin1", 0, start));
  const [before, after] = [Number(head?.[1]), Number(head?.[2])];
  // Cut off itself: then the edit had not begun.
  if (head === null || bytes.length !== start + before + after) return "incomplete";
  return { before: bytes.subarray(start, start + before), after: bytes.subarray(start + before) };
}

/** In a folder that others write to as well, theirs could make us write what they please. */
function isTrusted(uid: bigint): boolean {
  const own = process.getuid?.();
  return own === undefined || uid === 0n || uid === BigInt(own);
}

async function keepAside(places: Places, disk: Disk): Promise<string> {
  const kept = `${places.journal}.kept`;
  await disk.rename(places.journal, kept);
  return `An earlier edit of ${places.target} was cut off and the file was changed since; what it held before is in ${kept}.`;
}

function isMixOf(now: Buffer, before: Buffer, after: Buffer): boolean {
  if (now.length < Math.min(before.length, after.length)) return false;
  if (now.length > Math.max(before.length, after.length)) return false;
  return now.every((byte, i) => byte === before[i] || byte === after[i]);
}

function firstDifference(a: Buffer, b: Buffer, length: number): number {
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return i;
  return length;
}
