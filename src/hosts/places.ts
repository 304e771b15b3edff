import { createHash } from "node:crypto";
import { tmpdir, userInfo } from "node:os";
import { basename, dirname, join } from "node:path";
import { type Disk, errnoOf, exists } from "./disk.ts";

export interface HostsPlaces {
  /** The end of symbolic links: the link stays, its target is edited. */
  readonly target: string;
  readonly lock: string;
  /** The file that is renamed to the target, so it is in the same folder. */
  readonly fresh: string;
  /** The state before an edit in place. */
  readonly journal: string;
}

/**
 * The places of an edit of `file`. Lock and journal are in the target's folder if the process may write there: all
 * users of the machine share them. Else they are in the user's own folder below the system's temporary one.
 *
 * @throws Error when the folder is missing or the file is a link to nowhere.
 */
export async function placesOf(file: string, disk: Disk): Promise<HostsPlaces> {
  const target = await targetOf(file, disk);
  const beside = join(dirname(target), `.${basename(target)}.ingress-dev`);
  const fresh = `${beside}.new`;
  const isShared = await disk.mayWrite(dirname(target)).then(
    () => true,
    () => false,
  );
  const key = createHash("sha256").update(target).digest("hex").slice(0, 16);
  const base = isShared ? beside : join(tmpdir(), `ingress-dev-${userInfo().uid}`, key);
  return { target, fresh, lock: `${base}.lock`, journal: `${base}.journal` };
}

/**
 * Makes the folder of lock and journal where it is the user's own.
 *
 * @throws Error when somebody else made it: they could follow, or forge, what is written there.
 */
export async function makeOwnFolder(places: HostsPlaces, disk: Disk): Promise<void> {
  const folder = dirname(places.lock);
  if (folder === dirname(places.target)) return;
  await disk.mkdir(folder, 0o700).catch((error: unknown) => {
    if (errnoOf(error) !== "EEXIST") throw error;
  });
  const facts = await disk.lstat(folder);
  const { uid } = userInfo();
  if (!facts.isDirectory() || (uid >= 0 && Number(facts.uid) !== uid))
    throw new Error(`${folder} is not a folder of yours, so nothing can be kept there safely`);
}

async function targetOf(file: string, disk: Disk): Promise<string> {
  try {
    return await disk.realpath(file);
  } catch (error) {
    if (errnoOf(error) !== "ENOENT") throw error;
  }
  // A missing file can be made in a folder that exists.
  const target = join(await disk.realpath(dirname(file)), basename(file));
  if (await exists(target, disk)) throw new Error(`${file} is a symbolic link to a file that is not there`);
  return target;
}
