import type { Reading } from "./files.ts";
import type { Reader } from "./reader.ts";

/** How long, in ms, to wait after a change for further ones, and after the first one at most. */
const HOLD_OFF_MS = 100;
const HOLD_OFF_LIMIT_MS = 500;

export interface Loop {
  readonly notice: (path: string | undefined) => void;
  readonly stop: () => void;
}

/** Turns notices into readings: waits for quiet, reads, asks again while a file is in doubt. */
export function createLoop(reader: Pick<Reader, "read">, onReading: (reading: Reading) => void): Loop {
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
    const { reading, changed, doubtful } = await reader.read(paths, noticedAt);
    if (isStopped()) return;
    state = "idle";
    if (changed) onReading(reading);
    if (doubtful) firstAt ??= performance.now();
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
