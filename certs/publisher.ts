import type { Problem } from "../src/model/problem.ts";

/** Tells of problems when they differ from the last ones told. */
export interface Publisher {
  /** Looks at once. */
  now(): void;
  /** Looks in a later turn of the event loop, once for all calls of this one. */
  later(): void;
  /** Tells nothing more. */
  stop(): void;
}

/** A publisher of what `problems` returns. The first thing told is never "no problems". */
export function createPublisher(
  tell: (problems: readonly Problem[]) => void,
  problems: () => readonly Problem[],
): Publisher {
  let told = "[]";
  let scheduled = false;
  let stopped = false;
  const now = (): void => {
    if (stopped) return;
    const found = problems();
    const text = JSON.stringify(found);
    if (text === told) return;
    told = text;
    tell(found);
  };
  return {
    now,
    later() {
      if (scheduled) return;
      scheduled = true;
      setImmediate(() => {
        scheduled = false;
        now();
      });
    },
    stop() {
      stopped = true;
    },
  };
}
