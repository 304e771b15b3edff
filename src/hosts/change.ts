import { constants } from "node:fs";
import { dirname } from "node:path";
import { type BlockEdit, editBlock, type HostsText, type Owner, readHosts, type Written } from "./block.ts";
import { done, exists, may, remove } from "./fault.ts";
import { recover } from "./journal.ts";
import { asideOf, type LockWorld, takeLock } from "./lock.ts";
import { makeOwnFolder, type Places, placesOf } from "./places.ts";
import { readTarget, settled } from "./reading.ts";
import { writeTarget } from "./write.ts";

/** What changing the file needs of the world, so that a test can be it. */
export interface HostsWorld extends LockWorld {
  /** Who holds the lock: this process, whoever owns the lines. */
  readonly holder: () => Owner;
  /** Tells one user of the lock from another in the same process. */
  readonly token: string;
}

/** Makes the new block from the file as it is; called again when somebody else changed the file meanwhile. */
export type Change = (text: HostsText) => BlockEdit;

/** What came of it. */
export interface Changed {
  readonly kind: "written" | "unchanged";
  /** Whether the lock had to be waited for. */
  readonly contended?: boolean | undefined;
  /** A sentence for the user about something found on the way. */
  readonly remark?: string | undefined;
}

/** An editor that saves a hundred times a second is outlasted; one that never stops is not. */
const TRIES = 40;
const AGAIN_MS = 10;

/**
 * Changes the block in the hosts file: lock, read, change, write, unlock. Nothing is locked or written where the file
 * already is as it should be.
 *
 * @throws Error, what the disk or the lock says; the file is then as it was.
 */
export async function changeHosts(
  file: string,
  change: Change,
  written: Written | undefined,
  world: HostsWorld,
): Promise<Changed> {
  const { disk } = world;
  const places = await placesOf(file, disk);
  if (!(await needsWork(places, change, written, world))) return { kind: "unchanged" };
  await makeOwnFolder(places, disk);
  const lock = await takeLock(places.lock, world.holder(), world.token, world);
  try {
    const remark = await recover(places, disk);
    for (const left of [places.fresh, asideOf(places.lock)]) await remove(left, disk);
    let late: Buffer | undefined;
    for (let tries = 0; tries < TRIES; tries++) {
      const result = await changeOnce(places, change, written, late, world, lock.check);
      if (result.kind === "written" || result.kind === "unchanged")
        return { kind: result.kind, contended: lock.contended, remark };
      late = result.kind === "late" ? result.bytes : undefined;
      await world.sleep(AGAIN_MS);
    }
    throw new Error(`another program keeps changing ${places.target}`);
  } finally {
    await lock.release();
  }
}

type Try = Changed | { readonly kind: "changed" } | { readonly kind: "late"; readonly bytes: Buffer };

/** @param late what somebody wrote into the file that our last try took the place of: to be kept, so built upon. */
async function changeOnce(
  places: Places,
  change: Change,
  written: Written | undefined,
  late: Buffer | undefined,
  world: HostsWorld,
  checkLock: () => Promise<void>,
): Promise<Try> {
  const reading = await readTarget(places.target, world.disk);
  try {
    // Empty may mean that an editor is about to fill it.
    if (reading.file !== undefined && reading.bytes?.length === 0) {
      const whole = await settled(reading.file, reading.bytes, world.sleep);
      if (whole.length > 0) return { kind: "changed" };
    }
    const base = late ?? reading.bytes;
    refuseUtf16(base, places.target);
    const text = readHosts(base, written);
    const next = editBlock(text, change(text));
    if (same(next, reading.bytes)) return { kind: "unchanged" };
    const result = await writeTarget(places, reading, next, { ...world, checkLock });
    return result.kind === "done" ? { kind: "written" } : result;
  } finally {
    await done(reading.file);
  }
}

/** Without a lock: whoever writes does so whole, or leaves a journal or a lock to be seen while not done. */
async function needsWork(
  places: Places,
  change: Change,
  written: Written | undefined,
  { disk }: HostsWorld,
): Promise<boolean> {
  const { bytes, file } = await readTarget(places.target, disk);
  await done(file);
  refuseUtf16(bytes, places.target);
  const text = readHosts(bytes, written);
  const fits = same(editBlock(text, change(text)), bytes);
  const writable = await may(
    bytes === undefined ? dirname(places.target) : places.target,
    constants.W_OK,
    disk,
  );
  if (!writable) {
    if (fits) return false;
    // Says so in the system's words.
    await disk.access(bytes === undefined ? dirname(places.target) : places.target, constants.W_OK);
  }
  if (!fits) return true;
  const signs = [places.lock, asideOf(places.lock), places.journal, places.fresh];
  for (const path of signs) if (await exists(path, disk)) return true;
  return false;
}

function same(a: Buffer | undefined, b: Buffer | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.equals(b);
}

/** Our lines would be garbage among two-byte characters, and no resolver reads such a file anyway. */
function refuseUtf16(bytes: Buffer | undefined, path: string): void {
  if (bytes === undefined || bytes.length < 2) return;
  const mark = bytes.readUInt16BE(0);
  if (mark === 0xfeff || mark === 0xfffe)
    throw new Error(`${path} is written in UTF-16, which no resolver reads: save it as plain text`);
}
