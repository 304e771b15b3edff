import type { Owner } from "./block.ts";
import type { Disk } from "./disk.ts";
import { codeOf, done, exists, remove } from "./fault.ts";
import { ownerText, parseOwner } from "./owner.ts";

/** What a lock needs of the world. */
export interface LockWorld {
  readonly disk: Disk;
  readonly alive: (owner: Owner) => boolean;
  /** Milliseconds from anywhere, never backwards. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** One held lock. */
export interface Lock {
  /** Whether others wanted it at the same time. */
  readonly contended: boolean;
  /** Rejects when the lock is no longer ours (somebody deleted it): then nothing may be written. */
  check(): Promise<void>;
  /** Never rejects; what could not be deleted is found again by its token. */
  release(): Promise<void>;
}

const WAIT_MS = 5000;
const ASK_AGAIN_MS = 500;

/**
 * Takes the lock at `path`, waiting at most 5 s for another living holder; of a dead one it is taken away.
 *
 * The lock is a symbolic link whose text is the holder, as emacs locks files: made in one step together with what
 * it says, so a crash leaves either nothing or a lock that names its dead holder. Where links are not to be had
 * (Windows without privilege) it is a file of the same text. `token` is one per user of the lock, not per taking, so
 * a lock that could not be released is found to be one's own again.
 *
 * @throws Error in words for a person, when the holder does not let go in time, or what the disk says.
 */
export async function takeLock(path: string, holder: Owner, token: string, world: LockWorld): Promise<Lock> {
  const text = `${ownerText(holder)} ${token}`;
  const start = world.elapsed();
  let seen: string | undefined;
  let seenAt = start;
  for (;;) {
    const found = await read(path, world.disk);
    if (found === text) break;
    if (found === undefined) {
      if (await create(path, text, world.disk)) break;
      continue;
    }
    const now = world.elapsed();
    // Asked about when it is new, and then every now and then: asking can cost more than all the rest.
    const isNew = found !== seen;
    if (isNew || now - seenAt > ASK_AGAIN_MS) {
      if (isStale(found, isNew, world)) {
        await takeAway(path, found, world.disk);
        continue;
      }
      seen = found;
      seenAt = now;
    }
    if (now - start > WAIT_MS)
      throw new Error(
        `another ingress-dev (process ${ownerIn(found)?.pid ?? "unknown"}) is holding ${path} for more than 5 s`,
      );
    await world.sleep(pause(now - start));
  }
  return {
    contended: seen !== undefined,
    check: async () => {
      if ((await read(path, world.disk)) !== text) throw new Error(`the lock ${path} was taken away`);
    },
    release: async () => {
      try {
        if ((await read(path, world.disk)) === text) await world.disk.unlink(path);
      } catch {
        // Left behind with our token: the next taking finds it its own, and others find it dead after we ended.
      }
    },
  };
}

function ownerIn(text: string): Owner | undefined {
  return parseOwner(text.split(" ")[0] ?? "");
}

/** Of a dead holder; or a file in the making (where it is one) that nobody finishes. */
function isStale(text: string, isNew: boolean, world: LockWorld): boolean {
  const owner = ownerIn(text);
  return owner === undefined ? !isNew : !world.alive(owner);
}

/**
 * Whoever has waited longer asks more often, so that of many hardly anyone is left out for 5 s; never so often that
 * fifty who wait keep the one who works from it. An edit takes some 10 ms.
 */
function pause(waitedMs: number): number {
  return Math.max(10, 40 - waitedMs / 50);
}

async function create(path: string, text: string, disk: Disk): Promise<boolean> {
  try {
    await disk.symlink(text, path);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    if (!["EPERM", "ENOSYS", "ENOTSUP", "UNKNOWN"].includes(codeOf(error))) throw error;
  }
  try {
    const file = await disk.open(path, "wx", 0o644);
    try {
      await file.write(Buffer.from(text), 0);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** What the lock says; undefined where there is none. */
async function read(path: string, disk: Disk): Promise<string | undefined> {
  try {
    return await disk.readlink(path);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    if (codeOf(error) !== "EINVAL" && codeOf(error) !== "UNKNOWN") throw error;
  }
  try {
    const file = await disk.open(path, "r");
    try {
      return (await file.read()).toString("latin1");
    } finally {
      await done(file);
    }
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** Where a dead holder's lock is moved to, to be deleted. What is found there is of no use to anybody. */
export function asideOf(lock: string): string {
  return `${lock}.stale`;
}

/**
 * Takes a dead holder's lock away. Two may try at once, and a third have the lock by then: so it is moved aside, which
 * only one can do, and looked at again; what turns out to be a living one's is put back where it was. Should a fourth
 * have taken the lock in between, the living one sees so before it writes (`check`).
 */
async function takeAway(path: string, stale: string, disk: Disk): Promise<void> {
  const aside = asideOf(path);
  try {
    await disk.rename(path, aside);
    const moved = await read(aside, disk);
    if (moved !== undefined && moved !== stale && !(await exists(path, disk))) await disk.rename(aside, path);
    else await remove(aside, disk);
  } catch (error) {
    // Somebody else was quicker.
    if (codeOf(error) !== "ENOENT") throw error;
  }
}
