import type { Problem } from "../src/model/problem.ts";

/** Reports problems when they differ from the last report. */
export interface Publisher {
  now(): void;
  /** Compares in a later turn of the event loop, once for all calls of this one. */
  later(): void;
  stop(): void;
}

export function createPublisher(
  tell: (problems: readonly Problem[]) => void,
  problems: () => readonly Problem[],
): Publisher {
  let published = "[]";
  let scheduled = false;
  let stopped = false;
  const now = (): void => {
    if (stopped) return;
    const found = problems();
    const text = JSON.stringify(found);
    if (text === published) return;
    published = text;
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
