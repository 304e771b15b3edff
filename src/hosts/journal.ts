import type { FileHandle } from "node:fs/promises";
import { closeQuietly, type Disk, readState, remove, writeAt } from "./disk.ts";
import type { HostsPlaces } from "./places.ts";

interface InPlaceEdit {
  readonly before: Buffer;
  readonly after: Buffer;
}

/**
 * Writes an edit down before the first byte of it is written in place. SIGKILL or a power cut can end such an edit half
 * way; the next run then puts the file back.
 *
 * @throws what the disk says; then there is no journal, and nothing may be written in place.
 */
export async function writeJournal(
  { journal }: HostsPlaces,
  { before, after }: InPlaceEdit,
  disk: Disk,
): Promise<void> {
  await remove(journal, disk);
  const file = await disk.open(journal, "wx", 0o600);
  try {
    const head = Buffer.from(`ingress-dev journal 1 ${before.length} ${after.length}\n`);
    await writeAt(file, Buffer.concat([head, before, after]), 0);
    await file.sync();
  } catch (error) {
    await remove(journal, disk).catch(() => undefined);
    throw error;
  } finally {
    await file.close();
  }
}

/**
 * Puts the target back after an edit in place that was cut off, and deletes the journal. The caller holds the lock.
 *
 * Each byte of such a file is the old one or the new one at its place. Any other file was edited since: it stays, and
 * the journal is kept under another name.
 *
 * @returns in that last case, a sentence for the user.
 */
export async function recover(places: HostsPlaces, disk: Disk): Promise<string | undefined> {
  const { target, journal } = places;
  const state = await readState(journal, disk);
  if (state === undefined) return undefined;
  // Others may write to the folder; their journal could make us write what they please.
  const self = process.getuid?.();
  if (self !== undefined && state.facts.uid !== 0n && state.facts.uid !== BigInt(self))
    throw new Error(`${journal} is not a file of yours: delete it`);
  const edit = parseJournal(state.bytes);
  if (edit !== undefined) {
    const now = (await readState(target, disk))?.bytes;
    if (now === undefined || !isMixOf(now, edit)) {
      const kept = `${journal}.kept`;
      await disk.rename(journal, kept);
      return `An earlier edit of ${target} was cut off and the file was changed since; what it held before is in ${kept}.`;
    }
    const file = await disk.open(target, "r+");
    await overwrite(file, now, edit.before).finally(() => closeQuietly(file));
  }
  await remove(journal, disk);
  return undefined;
}

/** Makes a file that holds `before` hold `after`. The growth comes first, so a full disk changes no byte that was there. */
export async function overwrite(file: FileHandle, before: Buffer, after: Buffer): Promise<void> {
  const common = Math.min(before.length, after.length);
  if (after.length > common) {
    await writeAt(file, after.subarray(common), common);
    await file.sync();
  }
  const start = after.subarray(0, common);
  if (!start.equals(before.subarray(0, common))) await writeAt(file, start, 0);
  if (before.length > common) await file.truncate(common);
  await file.sync();
}

/** `undefined` for a journal that was itself cut off: then the edit had not begun. */
function parseJournal(bytes: Buffer): InPlaceEdit | undefined {
  const start = bytes.indexOf("\n") + 1;
  const head = /^ingress-dev journal 1 (\d+) (\d+)\n$/.exec(bytes.toString("latin1", 0, start));
  const middle = start + Number(head?.[1]);
  if (bytes.length !== middle + Number(head?.[2])) return undefined;
  return { before: bytes.subarray(start, middle), after: bytes.subarray(middle) };
}

function isMixOf(now: Buffer, { before, after }: InPlaceEdit): boolean {
  if (now.length < Math.min(before.length, after.length)) return false;
  if (now.length > Math.max(before.length, after.length)) return false;
  return now.every((byte, i) => byte === before[i] || byte === after[i]);
}
