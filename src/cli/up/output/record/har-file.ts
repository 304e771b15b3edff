import { type FileHandle, open, stat, unlink } from "node:fs/promises";
import { UserError } from "../../../../errors.ts";
import { HAR_END } from "../../../../har/write-har.ts";

export interface HarFileEvents {
  /** Nothing more is written. */
  readonly onStopped: (why: string) => void;
  /** The number of entries that are left out by now: the disk is too slow. */
  readonly onBehind: (count: number) => void;
}

/** A HAR file that grows. Its end is written with every piece and overwritten by the next: it can be read at any time. */
export interface HarFile {
  /** Before the first entry. */
  readonly begin: (beginning: string) => void;
  /** An entry is made only if it is written. */
  readonly add: (entry: () => string) => void;
  /** Writes what waits. */
  readonly close: () => Promise<void>;
  /** Removes a file without entries that was made here. */
  readonly discard: () => Promise<void>;
}

/** The longest wait of an entry for others. unit: ms */
const WAIT_MS = 200;
/** What waits for a slow disk. unit: characters */
const MOST_WAITING = 64 * 1024 * 1024;
/** One write. unit: characters */
const PIECE = 4 * 1024 * 1024;

/** @throws UserError `record-file`, `record-exists` */
export async function openHarFile(path: string, events: HarFileEvents): Promise<HarFile> {
  const { handle, isMade } = await openNew(path);
  let end = 0;
  let lead = "";
  let entries = 0;
  let waiting: string[] = [];
  let waitingSize = 0;
  let leftOut = 0;
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> = Promise.resolve();

  const writeAll = async () => {
    timer = undefined;
    while (waiting.length > 0 && !isStopped) {
      const text = takePiece();
      try {
        await writeAt(handle, Buffer.from(text + HAR_END), end);
        end += Buffer.byteLength(text);
      } catch (error) {
        isStopped = true;
        await restore(handle, end);
        events.onStopped(error instanceof Error ? error.message : String(error));
      }
    }
  };
  const takePiece = () => {
    let text = "";
    let taken = 0;
    for (; taken < waiting.length && text.length < PIECE; taken++) text += waiting[taken];
    waiting = waiting.slice(taken);
    waitingSize -= text.length;
    return text;
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    writing = writing.then(writeAll);
    return writing;
  };
  const wait = (text: string) => {
    waiting.push(text);
    waitingSize += text.length;
    timer ??= setTimeout(flush, WAIT_MS);
  };
  return {
    begin: wait,
    add(entry) {
      if (isStopped) return;
      if (waitingSize > MOST_WAITING) {
        leftOut++;
        events.onBehind(leftOut);
        return;
      }
      wait(`${lead}\n${entry()}`);
      lead = ",";
      entries++;
    },
    async close() {
      await flush();
      await handle.close();
    },
    async discard() {
      if (isMade && entries === 0) await unlink(path).catch(() => undefined);
    },
  };
}

async function writeAt(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** After a failed write the file ends where it ended before. */
async function restore(handle: FileHandle, end: number): Promise<void> {
  if (end === 0) return;
  try {
    await handle.truncate(end);
    await writeAt(handle, Buffer.from(HAR_END), end);
  } catch {
    // The disk takes nothing at all.
  }
}

/** A file that is not there, or is empty: a recording never replaces anything. Readable for its owner alone. */
async function openNew(path: string): Promise<{ readonly handle: FileHandle; readonly isMade: boolean }> {
  try {
    return { handle: await open(path, "wx", 0o600), isMade: true };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw unusable(path, error);
  }
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new UserError("record-file", `--record: ${path} is not a regular file.`);
    if (found.size > 0) throw new UserError("record-exists", `--record: ${path} exists.`);
    return { handle: await open(path, "r+"), isMade: false };
  } catch (error) {
    throw error instanceof UserError ? error : unusable(path, error);
  }
}

const CAUSES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such folder",
  ENOTDIR: "a part of its path is no folder",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "no space is left on the disk",
};

function unusable(path: string, error: unknown): UserError {
  const { code = "", message } = error as NodeJS.ErrnoException;
  return new UserError("record-file", `--record: ${path} cannot be written: ${CAUSES[code] ?? message}.`);
}
