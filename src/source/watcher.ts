import type { EventEmitter } from "node:events";
import { lstat, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { ChokidarOptions } from "chokidar";
import type { WatchRoot } from "./inputs.ts";
import { isIgnoredFolder } from "./scan.ts";

export type Watch = (
  path: string,
  options: ChokidarOptions,
) => Pick<EventEmitter, "on"> & { close(): Promise<void> };

export interface Watcher {
  close(): Promise<void>;
}

export interface FolderListener {
  /** `path`: absolute; `undefined`: unknown. */
  readonly onChange: (path: string | undefined) => void;
  /** The system has no watches left: from here on changes are found by polling. */
  readonly onPolling: (why: string) => void;
}

/** The polling interval. unit: ms */
const POLL_MS = 150;
/** The interval of checks that a watched folder is still the same one. unit: ms */
const ROOT_MS = 400;
/** inotify: no watches (ENOSPC) or no instances (EMFILE, ENFILE) left. */
const EXHAUSTED = new Set(["ENOSPC", "EMFILE", "ENFILE"]);

/** Watches folders until closed. May report more changes than there are, never fewer. */
export function watchFolders(roots: readonly WatchRoot[], listener: FolderListener, watch: Watch): Watcher {
  const watched = roots.map((root) => watchRoot(root, listener, watch));
  return {
    close: async () => {
      await Promise.all(watched.map((watcher) => watcher.close()));
    },
  };
}

function watchRoot(root: WatchRoot, listener: FolderListener, watch: Watch): Watcher {
  let usePolling = false;
  let current = start();
  let identity: string | undefined;
  let closed = false;

  function start(): { close(): Promise<void> } {
    const watcher = watch(root.folder, {
      ignoreInitial: true,
      atomic: false,
      usePolling,
      interval: POLL_MS,
      binaryInterval: POLL_MS,
      ...(Number.isFinite(root.depth) ? { depth: root.depth } : {}),
      ignored: (path, stats) => isIgnored(root, path, stats?.isFile() === true),
    });
    watcher.on("all", (event: string, path: string) => {
      // chokidar no longer watches the folder; the same one may be back before the next check.
      if (event === "unlinkDir" && watcher === current && resolve(path) === resolve(root.folder))
        identity = GONE;
      listener.onChange(resolve(path));
    });
    // chokidar loses track of a file that is deleted and made again; the raw event still comes.
    watcher.on("raw", (kind: string, name: string | null, { watchedPath = "" }: RawPlace) => {
      const path = name === null ? undefined : resolve(watchedPath, name);
      if (kind !== "change" || path === undefined || root.isFile(path)) listener.onChange(undefined);
      else
        void isPlainFile(path).then((isOther) => {
          if (!isOther && !closed) listener.onChange(undefined);
        });
    });
    // A look once the watch is in place finds what was written before.
    watcher.on("ready", () => {
      listener.onChange(undefined);
      void look();
    });
    watcher.on("error", (error: NodeJS.ErrnoException) => {
      // A folder that may not be watched may not be listed either, which the scan reports.
      if (!EXHAUSTED.has(error.code ?? "") || usePolling || closed) return;
      usePolling = true;
      listener.onPolling(error.message);
      restart();
    });
    return watcher;
  }

  function restart(): void {
    if (closed) return;
    void current.close();
    current = start();
  }

  /** A folder that is deleted and created again (git checkout) is a new one, which the old watch does not see. */
  async function look(): Promise<void> {
    const now = await identityOf(root.folder);
    if (closed || now === identity) return;
    const first = identity === undefined;
    identity = now;
    if (first) return;
    restart();
    listener.onChange(undefined);
  }

  const check = setInterval(() => void look(), ROOT_MS);
  check.unref();
  void identityOf(root.folder).then((now) => {
    identity ??= now;
    // It went away before anything watched it.
    if (now === GONE && !closed) listener.onChange(undefined);
  });

  return {
    close: async () => {
      closed = true;
      clearInterval(check);
      await current.close();
    },
  };
}

/** chokidar's: the folder whose entry an event names; absent where files are looked at in turns. */
interface RawPlace {
  readonly watchedPath?: string;
}

const GONE = "gone";

async function identityOf(folder: string): Promise<string> {
  try {
    const { dev, ino } = await stat(folder);
    return `${dev} ${ino}`;
  } catch {
    return GONE;
  }
}

/** Lines may be added to a file that no manifest can be, such as a log. A folder may have become one that can be listed. */
async function isPlainFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch {
    return false;
  }
}

function isIgnored(root: WatchRoot, path: string, isFile: boolean): boolean {
  if (resolve(path) === resolve(root.folder)) return false;
  return isFile ? !root.isFile(path) : isIgnoredFolder(path);
}
