import type { Steps } from "./steps.ts";

/** Longest time that long computations hold the event loop; a single step is never interrupted. unit: ms */
const TURN_MS = 5;

/** When the first computation of this turn began; `undefined` before that. */
let began: number | undefined;

/** Computations that follow each other without a wait share a turn. */
function beganAt(): number {
  if (began === undefined) {
    began = performance.now();
    setImmediate(() => {
      began = undefined;
    });
  }
  return began;
}

/** True when a long computation has to give way. */
export function isTurnOver(): boolean {
  return performance.now() - beganAt() >= TURN_MS;
}

/** Gives way to the event loop. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** The result of steps that yield to the event loop; "given-up" as soon as nobody wants it any more. */
export async function inTurns<T>(steps: Steps<T>, isWanted: () => boolean): Promise<T | "given-up"> {
  let step = steps.next();
  while (step.done !== true) {
    if (isTurnOver()) await nextTurn();
    if (!isWanted()) {
      // Runs the `finally` blocks of the steps.
      steps.return(undefined as never);
      return "given-up";
    }
    step = steps.next();
  }
  return step.value;
}

/** The same for steps that are always wanted. */
export async function allInTurns<T>(steps: Steps<T>): Promise<T> {
  let step = steps.next();
  for (; step.done !== true; step = steps.next()) if (isTurnOver()) await nextTurn();
  return step.value;
}
