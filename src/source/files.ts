import { CODES } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import type { Snapshot } from "../model/snapshot.ts";
import { watchRoots } from "./inputs.ts";
import { createLoop } from "./loop.ts";
import type { FileId } from "./outputs.ts";
import { openReader } from "./reader.ts";
import type { OnText } from "./store.ts";
import { type Watch, type Watcher, watchFolders } from "./watcher.ts";
import { createYamlThread } from "./yaml-thread.ts";

export interface Reading {
  readonly snapshot: Snapshot;
  readonly problems: readonly Problem[];
  /** Kinds of objects that were skipped, with their counts. */
  readonly passedOver: ReadonlyMap<string, number>;
  /** For the first line of `up`: `examples/quick-start (2 files, 2 Ingresses)`. */
  readonly description: string;
  /** `performance.now()` when the change was first noticed. */
  readonly noticedAt: number;
  readonly files: readonly string[];
}

export interface Io {
  /** For the input `-`. default: the process's own */
  readonly stdin?: NodeJS.ReadableStream | undefined;
  /** Namespace of objects that name none. default: `default` */
  readonly namespace?: string | undefined;
  /** default: chokidar's */
  readonly watch?: Watch | undefined;
  /** Files that the program itself writes: passed over, unless they are named. default: its standard outputs */
  readonly outputs?: ReadonlySet<FileId> | undefined;
  /** Is given each text as it is read. default: nobody needs it */
  readonly onText?: OnText | undefined;
  /** Watching begins then, with a look at what was saved before. default: at once */
  readonly begin?: Promise<unknown> | undefined;
}

/**
 * Reads files, folders (recursively), patterns and `-` once.
 *
 * @throws UserError `no-such-input`, or `no-manifests` when no input holds a file. Everything else that is wrong is a
 * problem of the reading.
 */
export async function readFiles(inputs: readonly string[], io: Io = {}): Promise<Reading> {
  const { reader } = await openReader(inputs, io);
  return (await reader.read(new Set(), performance.now())).reading;
}

/**
 * Reads the inputs and watches them. `onReading` gets each different reading, 100 to 500 ms after a change.
 * Unusable parts keep their last good version. A file that is briefly missing or empty, as while an editor
 * saves, does not count. `-` is read once.
 */
export async function watchFiles(
  inputs: readonly string[],
  onReading: (reading: Reading) => void,
  io: Io = {},
): Promise<{ readonly first: Reading; close(): Promise<void> }> {
  const thread = createYamlThread();
  const { reader, settled } = await openReader(inputs, io, thread.read);
  const first = (await reader.read(new Set(), performance.now())).reading;
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
  let isClosed = false;
  let watcher: Watcher | undefined;
  const begin = async () => {
    const watch = io.watch ?? (await import("chokidar")).watch;
    if (!isClosed) watcher = watchFolders(watchRoots(settled, reader.isOutput), listener, watch);
  };
  if (io.begin === undefined) await begin();
  else void io.begin.then(begin);
  return {
    first,
    close: async () => {
      isClosed = true;
      loop.stop();
      await Promise.all([watcher?.close(), thread.close()]);
    },
  };
}
