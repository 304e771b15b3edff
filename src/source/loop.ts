import { internalProblem } from "../internal.ts";
import type { Reading } from "./files.ts";
import type { Reader } from "./reader.ts";

/** The wait after a change for further ones, and the longest wait after the first. unit: ms */
const HOLD_OFF_MS = 100;
const HOLD_OFF_LIMIT_MS = 500;

export interface Loop {
  readonly notice: (path: string | undefined) => void;
  readonly stop: () => void;
}

/**
 * Turns notices into readings: waits for quiet, reads, and reads again while a file is in doubt. After an
 * exception the last good reading stays, and a problem reports it.
 */
export function createLoop(
  reader: Pick<Reader, "read">,
  first: Reading,
  onReading: (reading: Reading) => void,
): Loop {
  let lastGood = first;
  let isFailing = false;
  let dirty = new Set<string>();
  let firstAt: number | undefined;
  let timer: NodeJS.Timeout | undefined;
  let state: "idle" | "reading" | "stopped" = "idle";

  function notice(path: string | undefined): void {
    firstAt ??= performance.now();
    if (path !== undefined) dirty.add(path);
    arm();
  }

  function arm(): void {
    if (state !== "idle" || firstAt === undefined) return;
    clearTimeout(timer);
    const left = firstAt + HOLD_OFF_LIMIT_MS - performance.now();
    timer = setTimeout(() => void run(), Math.max(0, Math.min(HOLD_OFF_MS, left)));
  }

  async function run(): Promise<void> {
    state = "reading";
    const [noticedAt, paths] = [firstAt ?? performance.now(), dirty];
    [firstAt, dirty] = [undefined, new Set()];
    try {
      const { reading, changed, doubtful } = await reader.read(paths, noticedAt);
      if (isStopped()) return;
      if (changed || isFailing) onReading(reading);
      [lastGood, isFailing] = [reading, false];
      if (doubtful) firstAt ??= performance.now();
    } catch (error) {
      if (isStopped()) return;
      isFailing = true;
      const problem = internalProblem(
        error,
        "what was saved could not be read; the last good state stays in use",
      );
      onReading({ ...lastGood, problems: [...lastGood.problems, problem], noticedAt });
    }
    state = "idle";
    arm();
  }

  const isStopped = () => state === "stopped";
  return {
    notice,
    stop: () => {
      state = "stopped";
      clearTimeout(timer);
    },
  };
}
