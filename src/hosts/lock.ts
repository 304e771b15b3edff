import type { Owner } from "./block.ts";
import type { Disk } from "./disk.ts";
import { codeOf, done, exists } from "./fault.ts";
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
  /** Rejects when the lock is no longer ours (somebody deleted it): then nothing may be written. */
  check(): Promise<void>;
  /** Never rejects; what could not be deleted is found again by its token. */
  release(): Promise<void>;
}

const WAIT_MS = 5000;
const GARBLED_MS = 1000;

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
  let garbledSince: number | undefined;
  for (;;) {
    if (await create(path, text, world.disk)) break;
    const found = await read(path, world.disk);
    if (found === text) break;
    const waited = world.elapsed() - start;
    if (found === undefined) continue;
    const other = parseOwner(found.split(" ")[0] ?? "");
    garbledSince = other === undefined ? (garbledSince ?? waited) : undefined;
    const stale = other === undefined ? waited - (garbledSince ?? waited) > GARBLED_MS : !world.alive(other);
    if (stale) {
      await takeAway(path, found, token, world.disk);
    } else if (waited > WAIT_MS) {
      throw new Error(
        `another ingress-dev (process ${other?.pid ?? "unknown"}) is holding ${path} for more than 5 s`,
      );
    } else {
      await world.sleep(pause(waited));
    }
  }
  return {
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

/** Short at first: an edit takes a few ms. */
function pause(waitedMs: number): number {
  return Math.min(25, 2 + waitedMs / 8);
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

/**
 * Takes a dead holder's lock away. Two may try at once, and a third have the lock by then: so it is moved aside, which
 * only one can do, and looked at again; what turns out to be a living one's is put back where it was.
 */
async function takeAway(path: string, stale: string, token: string, disk: Disk): Promise<void> {
  const aside = `${path}.${token}`;
  try {
    await disk.rename(path, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return;
    throw error;
  }
  const moved = await read(aside, disk);
  if (moved !== undefined && moved !== stale && !(await exists(path, disk))) await disk.rename(aside, path);
  else await disk.unlink(aside);
}
