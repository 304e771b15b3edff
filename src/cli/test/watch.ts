import { stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { giveKeysBack, takeKeys } from "../../../ui/terminal/keyboard.ts";
import { findFiles, type Input, readInputs, watchRoots } from "../../source/inputs.ts";
import { type Watch, type Watcher, watchFolders } from "../../source/watcher.ts";
import { reportError } from "../report.ts";
import type { ExitCode, Surroundings } from "../surroundings.ts";
import { listenForStop, type Shutdown, stopBySignal } from "../up/stop.ts";

/** The wait after a change for further ones. unit: ms */
const HOLD_OFF_MS = 100;

/** A run of the tests, with its output written. */
export interface TestRound {
  readonly code: ExitCode;
  /** Files, folders and patterns of manifests. */
  readonly manifests: readonly string[];
}

/**
 * `--watch`: runs again after each change of a test file or manifest. An error is shown, and waits for the next change.
 * Exit status: of the last run for `q`, 128 + n for signal n.
 */
export async function watchTests(
  named: readonly string[],
  run: () => Promise<TestRound>,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { watch } = await import("chokidar");
  const requests = listenForStop(process);
  const keys = listenForKeys(surroundings, requests.request);
  surroundings.stdout.once("error", () => requests.request({ reason: "output closed", exitCode: 0 }));
  const ended = requests.first;
  const folders = createFolders(watch);
  let last: ExitCode = 0;
  let manifests: readonly string[] = [];
  let before = "";
  try {
    for (;;) {
      const changed = await folders.watch([...named, ...manifests]);
      const now = await stampOf(changed.inputs);
      if (now !== before) {
        before = now;
        const round = await run().catch((error: unknown) => ({
          code: reportError(error, surroundings),
          manifests,
        }));
        last = round.code;
        // Those that only this run has named are not watched yet.
        const isNew = round.manifests.some((path) => !manifests.includes(path));
        manifests = round.manifests;
        if (isNew) before = await stampOf(await inputsOf([...named, ...manifests]));
        surroundings.stderr.write(`Waiting for changes (${keys.hint} ends).\n`);
        if (isNew) continue;
      }
      const stop = await Promise.race([ended, changed.next]);
      if (stop !== undefined) return isQuit(stop) ? last : stop.exitCode;
      await delay(HOLD_OFF_MS);
    }
  } finally {
    keys.close();
    requests.close();
    await folders.close();
  }
}

function isQuit({ reason }: Shutdown): boolean {
  return reason === "q" || reason === "output closed";
}

interface Folders {
  /** `next`: the next change from now on. */
  readonly watch: (
    paths: readonly string[],
  ) => Promise<{ readonly inputs: readonly Input[]; readonly next: Promise<undefined> }>;
  readonly close: () => Promise<void>;
}

function createFolders(watch: Watch): Folders {
  let watcher: Watcher | undefined;
  let watched = "";
  let isChanged = false;
  let notice: () => void = () => undefined;
  const onChange = () => {
    isChanged = true;
    notice();
  };
  return {
    watch: async (paths) => {
      const inputs = await inputsOf(paths);
      const key = JSON.stringify(inputs);
      if (key !== watched) {
        await watcher?.close();
        watcher = watchFolders(
          watchRoots(inputs, () => false),
          { onChange, onPolling: onChange },
          watch,
        );
        watched = key;
      }
      const next = new Promise<undefined>((resolve) => {
        notice = () => {
          isChanged = false;
          resolve(undefined);
        };
      });
      if (isChanged) notice();
      return { inputs, next };
    },
    close: async () => watcher?.close(),
  };
}

/** For what is missing, the nearest folder above it: it may be made. */
async function inputsOf(paths: readonly string[]): Promise<readonly Input[]> {
  const inputs = await Promise.all(
    paths.map(async (path) => {
      if (path === "-") return [];
      for (let at = path; ; at = dirname(at)) {
        const found = await readInputs([at]).catch(() => undefined);
        if (found !== undefined || at === dirname(at)) return found ?? [];
      }
    }),
  );
  return inputs.flat();
}

/** Differs when a file was made, written or deleted: more changes are noticed than there are. */
async function stampOf(inputs: readonly Input[]): Promise<string> {
  const { files } = await findFiles(inputs);
  const stamps = await Promise.all(
    files.map(async (file) => {
      const facts = await stat(file, { bigint: true }).catch(() => undefined);
      return facts === undefined ? file : `${file} ${facts.ino} ${facts.size} ${facts.mtimeNs}`;
    }),
  );
  return stamps.join("\n");
}

interface Keys {
  readonly hint: string;
  readonly close: () => void;
}

/** `q` and Ctrl-C on a terminal. */
function listenForKeys({ stdin }: Surroundings, stop: (request: Shutdown) => void): Keys {
  if (takeKeys(stdin) === "none") return { hint: "Ctrl-C", close: () => undefined };
  const onData = (typed: Buffer | string) => {
    const text = String(typed);
    if (text.includes("\u0003")) stop(stopBySignal("SIGINT"));
    else if (/q/i.test(text)) stop({ reason: "q", exitCode: 0 });
  };
  stdin.on("data", onData);
  stdin.resume();
  return {
    hint: "q",
    close: () => {
      stdin.off("data", onData);
      giveKeysBack(stdin);
      stdin.pause();
    },
  };
}
