import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { watchRoots } from "./inputs.ts";
import { createLoop } from "./loop.ts";
import { openReader } from "./reader.ts";
import { type Watch, watchFolders } from "./watcher.ts";
import { createYamlThread } from "./yaml-thread.ts";

/** What the inputs held at one moment. */
export interface Reading {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
  /** Kinds of objects that were read past, and how many of each. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** In words, for the first line of `up`: `examples/quick-start (2 files, 2 Ingresses)`. */
  readonly description: string;
  /** `performance.now()` when the change behind it was first noticed. */
  readonly noticedAt: number;
  /** Every file that was read, as the user named it or the folder it is in. */
  readonly files: readonly string[];
}

/** What reading takes from its surroundings. */
export interface Io {
  /** For the input `-`; the process's own when absent. */
  readonly stdin?: NodeJS.ReadableStream | undefined;
  /** Where objects are that name no namespace; `default` when absent. */
  readonly namespace?: string | undefined;
  /** Instead of chokidar's. */
  readonly watch?: Watch | undefined;
}

/**
 * Reads files, folders (recursive), patterns and `-` once.
 *
 * Fails with a `UserError` when an input does not exist (`no-such-input`) or when there is no file in any of them
 * (`no-manifests`). Everything else that is wrong is a problem of the reading.
 */
export async function readFiles(inputs: readonly string[], io: Io = {}): Promise<Reading> {
  const { reader } = await openReader(inputs, io);
  return (await reader.read(new Set(), performance.now())).reading;
}

/**
 * Reads the inputs and goes on watching them: `onReading` is called with each reading that differs from the last, held
 * off 100 ms after a change (500 ms at most). What can no longer be used keeps its last good version; a file that is
 * missing or empty for a moment only, as while an editor saves, is not noticed. `-` is read once.
 */
export async function watchFiles(
  inputs: readonly string[],
  onReading: (reading: Reading) => void,
  io: Io = {},
): Promise<{ readonly first: Reading; close(): Promise<void> }> {
  const thread = createYamlThread();
  const { reader, settled } = await openReader(inputs, io, thread.read);
  const first = (await reader.read(new Set(), performance.now())).reading;
  const watch = io.watch ?? (await import("chokidar")).watch;
  const loop = createLoop(reader, first, onReading);
  const listener = {
    onChange: loop.notice,
    onPolling: (why: string) => {
      reader.addProblem({
        code: "watching-by-polling",
        level: "notice",
        message: `the system has no watches left (${why}); changed files are found by looking at them instead`,
        fix: CODES["watching-by-polling"],
      });
      loop.notice(undefined);
    },
  };
  const watcher = watchFolders(watchRoots(settled), listener, watch);
  return {
    first,
    close: async () => {
      loop.stop();
      await Promise.all([watcher.close(), thread.close()]);
    },
  };
}
