import { chown, open, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Replaces a file whole or not at all, by a file beside it that takes its name. Mode and owner stay. `target`: links
 * followed. `before`: the bytes that it must still hold.
 */
export async function replaceWhole(target: string, before: Buffer, text: string): Promise<void> {
  const { mode, uid, gid } = await stat(target);
  const fresh = join(dirname(target), `.${basename(target)}.ingress-dev-${process.pid}`);
  const handle = await open(fresh, "wx", mode & 0o7777);
  try {
    try {
      await handle.writeFile(text);
      // The mode above is cut by the umask.
      await handle.chmod(mode & 0o7777);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await chown(fresh, uid, gid).catch(() => undefined);
    if (!(await readFile(target)).equals(before)) throw new Error("it was changed meanwhile");
    await rename(fresh, target);
  } finally {
    await rm(fresh, { force: true });
  }
}
