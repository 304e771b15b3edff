import type { Owner } from "./block.ts";
import { type Disk, errnoOf, exists, readState, remove } from "./disk.ts";
import { parseOwner } from "./owner.ts";

/** Disk, clock and processes; a test can replace each. */
export interface HostsWorld {
  readonly disk: Disk;
  readonly alive: (owner: Owner) => boolean;
  /** Milliseconds from any start, never backwards. */
  readonly elapsed: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** The text of a lock: this process (whoever owns the lines), a space, a token of this user of the lock. */
  readonly holder: () => string;
}

export interface Lock {
  /** Rejects when somebody took the lock away: then nothing may be written. */
  check(): Promise<void>;
  /** Never rejects. A lock that cannot be deleted is known by its token at the next taking. */
  release(): Promise<void>;
}

const WAIT_MS = 5000;
const ASK_AGAIN_MS = 500;

/**
 * Takes the lock, a file that names its holder. Waits at most 5 s for a living one; takes the lock of a dead one away.
 * A crash can leave the file empty or cut off. So a lock that names nobody for 500 ms counts as dead.
 *
 * @throws Error when the holder does not let go in time, or what the disk says.
 */
export async function takeLock(path: string, world: HostsWorld): Promise<Lock> {
  const { disk, elapsed, sleep } = world;
  const text = world.holder();
  const start = elapsed();
  let seen: string | undefined;
  let seenAt = start;
  for (;;) {
    await create(path, text, disk);
    const found = await read(path, disk);
    if (found === text) return lockOf(path, text, disk);
    const now = elapsed();
    const owner = parseOwner(found?.split(" ")[0] ?? "");
    // Asked when the holder is new, then every 500 ms: outside Linux the question costs a process.
    if (found !== undefined && (found !== seen || now - seenAt > ASK_AGAIN_MS)) {
      if (owner === undefined ? found === seen : !world.alive(owner)) {
        await takeAway(path, found, disk);
        continue;
      }
      seen = found;
      seenAt = now;
    }
    if (now - start > WAIT_MS)
      throw new Error(
        `another ingress-dev (process ${owner?.pid ?? "unknown"}) is holding ${path} for more than 5 s`,
      );
    // The longer the wait, the more often: hardly anybody waits 5 s. An edit takes about 10 ms.
    await sleep(Math.max(10, 40 - (now - start) / 50));
  }
}

/** The name that a dead holder's lock gets before it is deleted. */
export function staleLockOf(path: string): string {
  return `${path}.stale`;
}

function lockOf(path: string, text: string, disk: Disk): Lock {
  return {
    check: async () => {
      if ((await read(path, disk)) !== text) throw new Error(`the lock ${path} was taken away`);
    },
    release: async () => {
      if ((await read(path, disk).catch(() => undefined)) === text)
        await disk.unlink(path).catch(() => undefined);
    },
  };
}

async function create(path: string, text: string, disk: Disk): Promise<void> {
  try {
    await disk.create(path, text);
  } catch (error) {
    if (errnoOf(error) === "EEXIST") return;
    // A full disk takes the name and then not the text.
    if (errnoOf(error) === "ENOSPC") await remove(path, disk).catch(() => undefined);
    throw error;
  }
}

async function read(path: string, disk: Disk): Promise<string | undefined> {
  return (await readState(path, disk))?.bytes.toString("latin1");
}

/**
 * Takes a dead holder's lock away. Two may try at once while a third takes the lock. So it is moved aside, which only
 * one of them can do, and read again. The lock of a living holder goes back. If a fourth took the lock in between,
 * `check` tells the living one.
 */
async function takeAway(path: string, dead: string, disk: Disk): Promise<void> {
  const aside = staleLockOf(path);
  try {
    await disk.rename(path, aside);
    const moved = await read(aside, disk);
    if (moved !== undefined && moved !== dead && !(await exists(path, disk))) await disk.rename(aside, path);
    else await remove(aside, disk);
  } catch (error) {
    // ENOENT: somebody else was quicker.
    if (errnoOf(error) !== "ENOENT") throw error;
  }
}
