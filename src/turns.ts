import type { Steps } from "./steps.ts";

/** Longest time that a long computation holds the event loop; a single step is never interrupted. unit: ms */
const TURN_MS = 10;

/** The turns of one computation. */
export interface Turns {
  readonly isOver: () => boolean;
  /** Gives way to the event loop. */
  readonly next: () => Promise<void>;
  /** A new turn begins after a wait for something else. */
  readonly begin: () => void;
}

export function takeTurns(): Turns {
  let started = performance.now();
  return {
    isOver: () => performance.now() - started >= TURN_MS,
    next: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      started = performance.now();
    },
    begin: () => {
      started = performance.now();
    },
  };
}

/** The result of steps that yield to the event loop; "given-up" as soon as nobody wants it any more. */
export async function inTurns<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | "given-up"> {
  const turns = takeTurns();
  let step = steps.next();
  while (step.done !== true) {
    if (turns.isOver()) await turns.next();
    if (!isWanted()) {
      // Runs the `finally` blocks of the steps.
      steps.return(undefined as never);
      return "given-up";
    }
    step = steps.next();
  }
  return step.value;
}
