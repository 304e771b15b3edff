import type { Disk, OpenFile } from "./disk.ts";

/** The errno's name of what a call of the disk rejected with; `""` for anything else. */
export function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code ?? "";
}

/** What went wrong, in the system's words. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Whether something of that name is there, be it a link to nowhere. */
export async function exists(path: string, disk: Disk): Promise<boolean> {
  try {
    await disk.lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return false;
    throw error;
  }
}

/** Deletes a file that may not be there (where nothing can be deleted, that is no error unless there is one). */
export async function remove(path: string, disk: Disk): Promise<void> {
  if (await exists(path, disk)) await disk.unlink(path);
}

/** Whether the process may do what `mode` (`constants.W_OK`) says. */
export async function may(path: string, mode: number, disk: Disk): Promise<boolean> {
  try {
    await disk.access(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Closes what was only read, or is known to be on the disk: nothing can be lost by it any more. Never rejects. */
export async function done(file: OpenFile | undefined): Promise<void> {
  await file?.close().catch(() => undefined);
}
