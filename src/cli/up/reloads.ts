import type { Steps } from "../../steps.ts";
import { inTurns } from "../../turns.ts";

/** Work on one thing at a time: what comes later replaces what is not done yet. */
export interface Reloads<T> {
  /** Resolves when the work is done, or replaced. Never rejects. */
  readonly take: (what: T) => Promise<void>;
  /** Resolves when no work is left. */
  readonly idle: () => Promise<void>;
  /** Gives up what is not done yet, and takes nothing more. */
  readonly close: () => void;
}

/** Saves that never cease put off the first of them no longer; then work is done to its end. unit: ms */
const LONGEST_PUT_OFF_MS = 3_000;

interface Job {
  isGivenUp: boolean;
  ended: Promise<void>;
}

/** Works in turns of the event loop, so that requests are answered meanwhile. */
export function createReloads<T>(
  work: (what: T) => Steps<void>,
  onError: (error: unknown, what: T) => void,
  longestPutOffMs = LONGEST_PUT_OFF_MS,
): Reloads<T> {
  let latest = 0;
  let isClosed = false;
  let running: Job | undefined;
  /** When the first was taken of all that is not done yet. */
  let waitingSince: number | undefined;

  const begin = (what: T): Promise<void> => {
    const job: Job = { isGivenUp: false, ended: Promise.resolve() };
    running = job;
    job.ended = inTurns(work(what), () => !job.isGivenUp)
      .then(
        () => undefined,
        (error: unknown) => onError(error, what),
      )
      .then(() => {
        if (running === job) [running, waitingSince] = [undefined, undefined];
      });
    return job.ended;
  };
  return {
    take: async (what) => {
      if (isClosed) return;
      latest += 1;
      const own = latest;
      const now = performance.now();
      if (running !== undefined && now - (waitingSince ?? now) >= longestPutOffMs) {
        await running.ended;
        if (own !== latest || isClosed) return;
      } else if (running !== undefined) running.isGivenUp = true;
      waitingSince ??= performance.now();
      await begin(what);
    },
    idle: async () => {
      while (running !== undefined) await running.ended;
    },
    close: () => {
      isClosed = true;
      if (running !== undefined) running.isGivenUp = true;
    },
  };
}
