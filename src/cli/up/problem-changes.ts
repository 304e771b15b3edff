import type { ProblemEvent } from "../../model/event.ts";
import type { Problem } from "../../model/problem.ts";

/** Who finds problems; each knows only its own, and says anew what they are. */
export type Finder =
  | "manifests"
  | "certificates"
  | "hosts"
  | "options"
  | "streams"
  | "stand-ins"
  | "cluster"
  | "faults";

/** Turns the problems of all finders into events: one when a problem comes, one (`resolved`) when it goes. */
export interface ProblemChanges {
  readonly set: (finder: Finder, problems: readonly Problem[]) => void;
  /** Events are held back until here, so that `ready` is the first that anybody hears. */
  readonly open: () => void;
}

/** Two problems are the same one when they say the same of the same thing; the line moves with every edit above it. */
function keyOf({ code, object, field, message, file }: Problem): string {
  return JSON.stringify([code, object?.kind, object?.namespace, object?.name, field, message, file]);
}

/** Starts with no problems, and closed. */
export function createProblemChanges(tell: (event: ProblemEvent) => void): ProblemChanges {
  const found = new Map<Finder, readonly Problem[]>();
  let told = new Map<string, Problem>();
  let isOpen = false;

  const settle = () => {
    if (!isOpen) return;
    const now = new Map([...found.values()].flat().map((problem) => [keyOf(problem), problem]));
    const before = told;
    told = now;
    for (const [key, problem] of before)
      if (!now.has(key)) tell({ type: "problem", ...problem, resolved: true });
    for (const [key, problem] of now) if (!before.has(key)) tell({ type: "problem", ...problem });
  };
  return {
    set: (finder, problems) => {
      found.set(finder, problems);
      settle();
    },
    open: () => {
      isOpen = true;
      settle();
    },
  };
}
