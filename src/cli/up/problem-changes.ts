import type { ProblemEvent } from "../../model/event.ts";
import type { Problem } from "../../model/problem.ts";

/** Sources of problems; each reports its own complete list anew. */
export type Finder =
  | "manifests"
  | "certificates"
  | "hosts"
  | "options"
  | "streams"
  | "stand-ins"
  | "cluster"
  | "faults";

/** Turns the finders' problems into events: one when a problem appears, one (`resolved`) when it is gone. */
export interface ProblemChanges {
  readonly set: (finder: Finder, problems: readonly Problem[]) => void;
  /** Releases events; until then they wait, so that `ready` comes first. */
  readonly open: () => void;
}

/** Identity of a problem; excludes the line, which moves with edits above it. */
function keyOf({ code, object, field, message, file }: Problem): string {
  return JSON.stringify([code, object?.kind, object?.namespace, object?.name, field, message, file]);
}

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
