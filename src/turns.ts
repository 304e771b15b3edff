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
