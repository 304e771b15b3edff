import { dirname } from "node:path";
import { type Disk, exists, readState, remove, sameBytes } from "./disk.ts";
import { recover } from "./journal.ts";
import { type HostsWorld, type Lock, staleLockOf, takeLock } from "./lock.ts";
import { type HostsPlaces, makeOwnFolder, placesOf } from "./places.ts";
import { replaceTarget } from "./replace.ts";

/** The new bytes of the file; `undefined` is no file. Called again when somebody else changed the file. */
export type FileEdit = (bytes: Buffer | undefined) => Buffer | undefined;

export interface HostsChange {
  readonly kind: "written" | "unchanged";
  /** A sentence for the user about something found on the way. */
  readonly remark?: string | undefined;
}

/** Outlasts an editor that saves a hundred times a second. */
const MAX_TRIES = 40;
const AGAIN_MS = 10;
const EMPTY_TRIES = 8;
const EMPTY_MS = 25;

/**
 * Changes the hosts file: lock, read, edit, write, unlock. An already correct file stays untouched.
 * @throws Error of the disk, the lock or `edit`; the file is then unchanged
 */
export async function changeHosts(file: string, edit: FileEdit, world: HostsWorld): Promise<HostsChange> {
  const { disk } = world;
  const places = await placesOf(file, disk);
  if (!(await needsWork(places, edit, disk))) return { kind: "unchanged" };
  await makeOwnFolder(places, disk);
  const lock = await takeLock(places.lock, world);
  try {
    const remark = await recover(places, disk);
    for (const path of [places.fresh, staleLockOf(places.lock)]) await remove(path, disk);
    return { kind: await changeLocked(places, edit, lock, world), remark };
  } finally {
    await lock.release();
  }
}

/** Looks without a lock. Writers replace the file whole, or leave a journal until they are done. */
async function needsWork(places: HostsPlaces, edit: FileEdit, disk: Disk): Promise<boolean> {
  const { target, fresh, journal, lock } = places;
  const before = (await readState(target, disk))?.bytes;
  const isDone = sameBytes(edit(before), before);
  try {
    // A read-only file stays as it is, even in a folder that we may write.
    await disk.mayWrite(before === undefined ? dirname(target) : target);
  } catch (error) {
    if (isDone) return false;
    throw error;
  }
  if (!isDone) return true;
  for (const sign of [lock, staleLockOf(lock), journal, fresh]) if (await exists(sign, disk)) return true;
  return false;
}

async function changeLocked(
  places: HostsPlaces,
  edit: FileEdit,
  { check: checkLock }: Lock,
  { disk, sleep }: HostsWorld,
): Promise<HostsChange["kind"]> {
  let late: Buffer | undefined;
  let empty = 0;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const before = await readState(places.target, disk);
    // An editor may just have emptied the file to fill it.
    if (before?.bytes.length === 0 && empty++ < EMPTY_TRIES) {
      await sleep(EMPTY_MS);
      continue;
    }
    const next = edit(late ?? before?.bytes);
    if (sameBytes(next, before?.bytes)) return "unchanged";
    const result = await replaceTarget({ places, before, next, disk, checkLock });
    if (result === "done") return "written";
    late = result === "changed" ? undefined : result;
    await sleep(AGAIN_MS);
  }
  throw new Error(`another program keeps changing ${places.target}`);
}
