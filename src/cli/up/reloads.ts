import type { Steps } from "../../steps.ts";
import { inTurns } from "../../turns.ts";

/** Work on one thing at a time: what comes later replaces what is not done yet. */
export interface Reloads<T> {
  /** Resolves when the work is done, or replaced. Never rejects. */
  readonly take: (what: T) => Promise<void>;
  /** Gives up what is not done yet. */
  readonly close: () => void;
}

/** Works in turns of the event loop, so that requests are answered meanwhile. */
export function createReloads<T>(
  work: (what: T) => Steps<void>,
  onError: (error: unknown, what: T) => void,
): Reloads<T> {
  let latest = 0;
  return {
    take: async (what) => {
      latest += 1;
      const own = latest;
      try {
        await inTurns(work(what), () => own === latest);
      } catch (error) {
        onError(error, what);
      }
    },
    close: () => {
      latest += 1;
    },
  };
}
