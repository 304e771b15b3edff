import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import type { Disk } from "./disk.ts";
import { codeOf, may } from "./fault.ts";

/** The file that is really edited, and the names of what lies beside it for the time of an edit. */
export interface Places {
  /** Without symbolic links: the link is kept, its target edited. */
  readonly target: string;
  readonly lock: string;
  /** What is to take the target's place. In the target's folder, or a rename would not do. */
  readonly fresh: string;
  /** What an edit in place could destroy. */
  readonly journal: string;
}

/**
 * Where an edit of `file` takes place. The lock and the journal are in the target's folder where the process may write
 * there, so that all users of the machine share them, else in a folder of the user's own below the system's for
 * temporary files, named for the target.
 *
 * @throws Error when the folder is missing or the file is a link to nowhere.
 */
export async function placesOf(file: string, disk: Disk): Promise<Places> {
  const target = await targetOf(file, disk);
  const folder = dirname(target);
  const name = `.${basename(target)}.ingress-dev`;
  const fresh = join(folder, `${name}.new`);
  if (await may(folder, constants.W_OK, disk))
    return { target, fresh, lock: join(folder, `${name}.lock`), journal: join(folder, `${name}.journal`) };
  const own = join(tmpdir(), `ingress-dev-${userInfo().uid}`);
  const key = createHash("sha256").update(target).digest("hex").slice(0, 16);
  return { target, fresh, lock: join(own, `${key}.lock`), journal: join(own, `${key}.journal`) };
}

/**
 * Makes the folder of the lock and the journal, where it is our own one.
 *
 * @throws Error when somebody else made it: they could then follow, or forge, what we write.
 */
export async function makeOwnFolder(places: Places, disk: Disk): Promise<void> {
  const folder = dirname(places.lock);
  if (folder === dirname(places.target)) return;
  try {
    await disk.mkdir(folder, 0o700);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
  }
  const facts = await disk.lstat(folder);
  const { uid } = userInfo();
  if (!facts.isDirectory() || (uid >= 0 && Number(facts.uid) !== uid))
    throw new Error(`${folder} is not a folder of yours, so nothing can be kept there safely`);
}

async function targetOf(file: string, disk: Disk): Promise<string> {
  try {
    return await disk.realpath(file);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  // No such file: one can be made, in a folder that is there. `lstat` tells a link to nowhere from nothing.
  const target = join(await disk.realpath(dirname(file)), basename(file));
  try {
    await disk.lstat(target);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return target;
    throw error;
  }
  throw new Error(`${file} is a symbolic link to a file that is not there`);
}
