import type { Problem } from "../src/model/problem.ts";

/** Reports problems when they differ from the last report. */
export interface Publisher {
  now(): void;
  /** Compares in a later turn of the event loop, once for all calls of this one. */
  later(): void;
  stop(): void;
}

/** Without `line`, which takes a search, and moves with the lines above it. */
const FIELDS = [
  ...["code", "level", "object", "kind", "namespace", "name", "field", "message", "fix", "file"],
  ...["stops", "lost", "webhook"],
];

export function problemText(problem: Problem): string {
  return JSON.stringify(problem, FIELDS);
}

export function createPublisher(
  tell: (problems: readonly Problem[]) => void,
  problems: () => readonly Problem[],
): Publisher {
  let published = "";
  let scheduled = false;
  let stopped = false;
  const now = (): void => {
    if (stopped) return;
    const found = problems();
    const text = found.map(problemText).join();
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
