import { constants } from "node:fs";
import type { Disk } from "./disk.ts";
import { codeOf, done, may, remove } from "./fault.ts";
import { overwrite, writeJournal } from "./journal.ts";
import type { Places } from "./places.ts";
import { isUnchanged, type Reading, readTarget, settled } from "./reading.ts";

/** What writing needs: the disk, the lock's check just before the step that counts, and a clock to wait by. */
export interface WriteWorld {
  readonly disk: Disk;
  readonly checkLock: () => Promise<void>;
  readonly sleep: (ms: number) => Promise<void>;
}

/**
 * `done`; or somebody else edited the file meanwhile: before ours went in (`changed`: read it again), or while it did
 * (`late`: they wrote these bytes into the file that ours took the place of).
 */
export type WriteResult =
  | { readonly kind: "done" }
  | { readonly kind: "changed" }
  | { readonly kind: "late"; readonly bytes: Buffer };

/** For these a rename cannot be had, but writing in place may: a bind mount, a folder that is not ours. */
const NO_RENAME = new Set(["EBUSY", "EXDEV", "EACCES", "EPERM", "EROFS", "ETXTBSY"]);
const DONE: WriteResult = { kind: "done" };
const CHANGED: WriteResult = { kind: "changed" };

/**
 * Makes the target hold `next` (undefined: be gone), provided that it still is as it was read.
 *
 * By a rename, so that whoever reads the file, and whatever kills us, sees the old or the new one whole; in place only
 * where that cannot be: other hard links to the file, a rename refused, an owner that we could not give the new file.
 *
 * @throws what the disk says; then the target holds what it held before.
 */
export async function writeTarget(
  places: Places,
  reading: Reading,
  next: Buffer | undefined,
  world: WriteWorld,
): Promise<WriteResult> {
  const { disk } = world;
  if (reading.bytes !== undefined && !(await may(places.target, constants.W_OK, disk)))
    // Says so in the system's words. A file that is read-only is left alone even where its folder would let us.
    await disk.access(places.target, constants.W_OK);
  if (next === undefined) return removeTarget(places, reading, world);
  if (reading.facts !== undefined && reading.facts.nlink > 1n)
    return writeInPlace(places, reading, next, world);
  try {
    const result = await writeByRename(places, reading, next, world);
    if (result !== "other-owner") return result;
  } catch (error) {
    if (reading.bytes === undefined || !NO_RENAME.has(codeOf(error))) throw error;
  }
  return writeInPlace(places, reading, next, world);
}

async function removeTarget(places: Places, reading: Reading, world: WriteWorld): Promise<WriteResult> {
  await world.checkLock();
  if (!(await isUnchanged(places.target, reading, world.disk))) return CHANGED;
  await world.disk.unlink(places.target);
  return DONE;
}

async function writeByRename(
  places: Places,
  reading: Reading,
  next: Buffer,
  world: WriteWorld,
): Promise<WriteResult | "other-owner"> {
  const { disk } = world;
  await remove(places.fresh, disk);
  try {
    if (!(await makeFresh(places, reading, next, disk))) return "other-owner";
    await world.checkLock();
    if (!(await isUnchanged(places.target, reading, disk))) return CHANGED;
    await disk.rename(places.fresh, places.target);
  } finally {
    // Gone already where the rename took place.
    await remove(places.fresh, disk).catch(() => undefined);
  }
  return lateEdit(reading, world).catch(() => DONE);
}

/** The new file beside the target, whole and on the disk. False where it cannot have the target's owner and mode. */
async function makeFresh(places: Places, reading: Reading, next: Buffer, disk: Disk): Promise<boolean> {
  const { facts } = reading;
  const file = await disk.open(places.fresh, "wx", 0o644);
  try {
    if (facts !== undefined) {
      await disk.copyAttributes(places.target, places.fresh);
      await file.truncate(0);
      const { uid, gid, mode } = await file.stat();
      if (uid !== facts.uid || gid !== facts.gid) {
        const owned = await file.chown(Number(facts.uid), Number(facts.gid)).then(
          () => true,
          () => false,
        );
        if (!owned) return false;
      }
      if (mode !== facts.mode) await file.chmod(Number(facts.mode & 0o7777n));
    }
    await file.write(next, 0);
    await file.sync();
    return true;
  } finally {
    await file.close();
  }
}

/** Our rename is done; the old file is still open, so what somebody wrote into it at the last moment can be seen. */
async function lateEdit({ file, bytes }: Reading, { sleep }: WriteWorld): Promise<WriteResult> {
  const last = await file?.read();
  if (file === undefined || last === undefined || bytes === undefined || last.equals(bytes)) return DONE;
  const whole = await settled(file, last, sleep);
  return whole.length === 0 ? DONE : { kind: "late", bytes: whole };
}

async function writeInPlace(
  places: Places,
  reading: Reading,
  next: Buffer,
  world: WriteWorld,
): Promise<WriteResult> {
  const { disk } = world;
  const before = reading.bytes ?? Buffer.alloc(0);
  const file = await disk.open(places.target, "r+");
  try {
    await world.checkLock();
    await writeJournal(places, before, next, disk);
    if (!(await isUnchanged(places.target, reading, disk))) {
      await remove(places.journal, disk);
      return CHANGED;
    }
    try {
      await overwrite(file, before, next);
      const check = await readTarget(places.target, disk);
      await done(check.file);
      if (!check.bytes?.equals(next))
        throw new Error(`${places.target} does not hold what was written to it`);
    } catch (error) {
      await restore(file, before, error, places);
      await remove(places.journal, disk).catch(() => undefined);
      throw error;
    }
    // A journal that stays is no harm: the next run finds the edit complete and deletes it.
    await remove(places.journal, disk).catch(() => undefined);
    return DONE;
  } finally {
    await done(file);
  }
}

async function restore(
  file: Awaited<ReturnType<Disk["open"]>>,
  before: Buffer,
  cause: unknown,
  places: Places,
): Promise<void> {
  try {
    // The room for it is there: `overwrite` makes the file shorter last.
    await file.write(before, 0);
    await file.truncate(before.length);
    await file.sync();
  } catch {
    throw new Error(
      `writing ${places.target} failed half way and it could not be put back; what it held is in ${places.journal}, and the next run tries again`,
      { cause },
    );
  }
}
