import type { FileHandle } from "node:fs/promises";
import { closeQuietly, type Disk, errnoOf, type FileState, isUnchanged, remove } from "./disk.ts";
import { overwrite, recover, writeJournal } from "./journal.ts";
import type { HostsPlaces } from "./places.ts";

interface TargetReplacement {
  readonly places: HostsPlaces;
  readonly before: FileState | undefined;
  /** `undefined`: no file. */
  readonly next: Buffer | undefined;
  readonly disk: Disk;
  /** Asked just before the step that counts. */
  readonly checkLock: () => Promise<void>;
}

/**
 * `changed`: somebody else edited the file before ours went in. A Buffer: the bytes that somebody wrote into the old
 * file while ours took its place.
 */
export type Replaced = "done" | "changed" | Buffer;

/** A rename is impossible, but writing in place may work: a bind mount, a folder of somebody else. */
const NO_RENAME = new Set(["EBUSY", "EXDEV", "EACCES", "EPERM", "EROFS", "ETXTBSY"]);

/**
 * Makes the target hold `next`, if it still is as it was read.
 *
 * By a rename: every reader and every crash sees the old or the new file whole. In place only where it must be: other
 * hard links, a refused rename, an owner that the new file cannot get.
 *
 * @throws what the disk says; then the target holds what it held before.
 */
export async function replaceTarget(replacement: TargetReplacement): Promise<Replaced> {
  const { places, before, next, disk } = replacement;
  if (next === undefined) {
    if (!(await isReady(replacement))) return "changed";
    await disk.unlink(places.target);
    return "done";
  }
  if (before !== undefined && before.facts.nlink > 1n) return replaceInPlace(replacement, before.bytes, next);
  try {
    return await replaceByRename(replacement, next);
  } catch (error) {
    if (before === undefined || !(error instanceof OtherOwner || NO_RENAME.has(errnoOf(error)))) throw error;
    return replaceInPlace(replacement, before.bytes, next);
  }
}

async function isReady({ places, before, disk, checkLock }: TargetReplacement): Promise<boolean> {
  await checkLock();
  return isUnchanged(places.target, before, disk);
}

async function replaceByRename(replacement: TargetReplacement, next: Buffer): Promise<Replaced> {
  const { places, before, disk } = replacement;
  let old: FileHandle | undefined;
  try {
    await makeFresh(replacement, next);
    old = before && (await disk.open(places.target, "r"));
    if (!(await isReady(replacement))) return "changed";
    await disk.rename(places.fresh, places.target);
    const late = await old?.readFile().catch(() => undefined);
    return late === undefined || late.length === 0 || before?.bytes.equals(late) ? "done" : late;
  } finally {
    await closeQuietly(old);
    // After the rename there is none.
    await remove(places.fresh, disk).catch(() => undefined);
  }
}

/** Makes the new file, synced, with the target's owner, mode and attributes. */
async function makeFresh({ places, before, disk }: TargetReplacement, next: Buffer): Promise<void> {
  await remove(places.fresh, disk);
  const file = await disk.open(places.fresh, "wx", 0o644);
  try {
    if (before !== undefined) {
      await disk.copyAttributes(places.target, places.fresh);
      await file.truncate(0);
      const [wanted, { uid, gid, mode }] = [before.facts, await file.stat({ bigint: true })];
      if (uid !== wanted.uid || gid !== wanted.gid)
        await file.chown(Number(wanted.uid), Number(wanted.gid)).catch(() => {
          throw new OtherOwner();
        });
      if (mode !== wanted.mode) await file.chmod(Number(wanted.mode & 0o7777n));
    }
    await file.writeFile(next);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The new file cannot get the target's owner. */
class OtherOwner extends Error {}

async function replaceInPlace(
  replacement: TargetReplacement,
  before: Buffer,
  next: Buffer,
): Promise<Replaced> {
  const { places, disk, checkLock } = replacement;
  const file = await disk.open(places.target, "r+");
  try {
    await checkLock();
    await writeJournal(places, { before, after: next }, disk);
    const isSame = await isUnchanged(places.target, replacement.before, disk);
    if (isSame) await overwrite(file, before, next).catch((error: unknown) => undo(places, disk, error));
    await remove(places.journal, disk).catch((error: unknown) => undo(places, disk, error));
    return isSame ? "done" : "changed";
  } finally {
    await closeQuietly(file);
  }
}

async function undo(places: HostsPlaces, disk: Disk, cause: unknown): Promise<never> {
  await recover(places, disk).catch(() => {
    throw new Error(
      `writing ${places.target} failed half way and it could not be put back; what it held is in ${places.journal}, and the next run tries again`,
      { cause },
    );
  });
  throw cause;
}
