import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { IssuedPair } from "./issue.ts";
import { type Pair, readPair } from "./pair.ts";

/** A larger PEM file is not ours. unit: bytes */
const LARGEST = 4 << 20;

/** Folders on their way in (followed by the writer's process id) and out. No Secret can have such a name. */
const FRESH = ".new-";
const ASIDE = ".old-";

export type FolderContents =
  | {
      readonly kind: "pair";
      readonly pair: Pair;
      readonly exposed: boolean;
    }
  | { readonly kind: "none" }
  | { readonly kind: "unusable"; readonly why: string };

/**
 * Reads the pair in a folder. Never throws: files that are missing, unreadable, too large, not regular (a FIFO would
 * hang) or no pair give a reason.
 *
 * Another process may replace the folder between the two reads, so a pair that does not match is read again.
 */
export async function readFolder(folder: string): Promise<FolderContents> {
  let found = await readOnce(folder);
  for (let again = 0; again < 3 && found.kind === "unusable"; again += 1) found = await readOnce(folder);
  return found;
}

async function readOnce(folder: string): Promise<FolderContents> {
  const certificate = await readPemFile(join(folder, "tls.crt"));
  const key = await readPemFile(join(folder, "tls.key"));
  if ("absent" in certificate && "absent" in key) return { kind: "none" };
  if (!("text" in certificate)) return { kind: "unusable", why: `tls.crt ${certificate.why}` };
  if (!("text" in key)) return { kind: "unusable", why: `tls.key ${key.why}` };
  const pair = readPair(certificate.text, key.text);
  if ("why" in pair) return { kind: "unusable", why: `${pair.part} ${pair.why}` };
  return { kind: "pair", pair, exposed: key.exposed };
}

type PemFile =
  | { readonly text: string; readonly exposed: boolean }
  | { readonly why: string; readonly absent?: true };

async function readPemFile(path: string): Promise<PemFile> {
  try {
    const handle = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile()) return { why: "is not a file" };
      if (found.size > LARGEST) return { why: `has ${found.size} bytes` };
      // Windows reports modes that do not tell who can read the file.
      const exposed = process.platform !== "win32" && (found.mode & 0o077) !== 0;
      return { text: await handle.readFile("utf8"), exposed };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const why = `cannot be read: ${messageOf(error)}`;
    return codeOf(error) === "ENOENT" ? { why, absent: true } : { why };
  }
}

/**
 * Puts a pair into a folder, whole or not at all. Both files go into a new folder beside it, which is then renamed into
 * place. So a reader never gets one process's key with another's certificate. A crash leaves the old pair. Other files
 * in the folder move along.
 *
 * The key is created with mode 0600 and O_EXCL, in a folder of mode 0700: others can never read it.
 *
 * `takes` judges a pair that another process put there meanwhile. A pair that it takes stays and is returned: two
 * processes that start at once end with the same certificate.
 *
 * @throws the error of the file system
 */
export async function writeFolder(
  folder: string,
  pair: IssuedPair,
  takes: (found: FolderContents) => boolean,
): Promise<Pair | undefined> {
  const parent = dirname(folder);
  await makeFolder(parent);
  await sweep(parent);
  const fresh = join(parent, `${FRESH}${process.pid}-${randomBytes(8).toString("hex")}`);
  await mkdir(fresh, { mode: 0o700 });
  try {
    await writeNew(join(fresh, "tls.key"), pair.keyPem, 0o600);
    await writeNew(join(fresh, "tls.crt"), pair.certPem, 0o644);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await settle(folder, fresh, takes);
      } catch (error) {
        // Another process was quicker: the next round looks at its pair.
        if (attempt === 10 || !TAKEN.has(codeOf(error))) throw error;
      }
    }
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

/**
 * Makes a folder and its parents, for this user alone. `mkdir` with `recursive` never returns where a parent exists but
 * takes no folders (/proc).
 */
async function makeFolder(folder: string): Promise<void> {
  if (await isFolder(folder)) return;
  if (dirname(folder) !== folder) await makeFolder(dirname(folder));
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(await isFolder(folder))) throw error;
  }
}

async function isFolder(path: string): Promise<boolean> {
  return await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

/** Errors of `rename` when the name is taken by a folder with files in it, or by something else. */
const TAKEN = new Set(["ENOTEMPTY", "EEXIST", "ENOTDIR"]);

async function writeNew(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.writeFile(text);
  } finally {
    await handle.close();
  }
}

/**
 * Tries once to take a folder's place. `rename` does not replace a folder with files in it, so the old one steps aside
 * first. It goes back if it is a pair that another process just put there.
 */
async function settle(
  folder: string,
  fresh: string,
  takes: (found: FolderContents) => boolean,
): Promise<Pair | undefined> {
  const present = await readFolder(folder);
  if (present.kind === "pair" && takes(present)) return present.pair;
  const aside = join(dirname(folder), `${ASIDE}${randomBytes(8).toString("hex")}`);
  try {
    await rename(folder, aside);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") throw error;
  }
  const moved = await readFolder(aside);
  const theirs = moved.kind === "pair" && takes(moved) ? moved.pair : undefined;
  try {
    await rename(theirs === undefined ? fresh : aside, folder);
  } catch (error) {
    if (TAKEN.has(codeOf(error))) await discard(aside, folder);
    else await rename(aside, folder).catch(() => undefined);
    throw error;
  }
  if (theirs === undefined) await discard(aside, folder);
  return theirs;
}

/** Removes what a killed process left half written. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const pid = name.startsWith(FRESH) ? Number.parseInt(name.slice(FRESH.length), 10) : 0;
    if (pid > 0 && !isAlive(pid)) await rm(join(parent, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** Deletes the old pair and moves everything else beside it to the new one, as far as possible. */
async function discard(aside: string, folder: string): Promise<void> {
  try {
    for (const name of await readdir(aside)) {
      if (name === "tls.crt" || name === "tls.key") await rm(join(aside, name), { force: true });
      else await rename(join(aside, name), join(folder, name));
    }
    await rmdir(aside);
  } catch {
    // Nothing was there, or something that is not ours to delete: it keeps its new name.
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "";
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
