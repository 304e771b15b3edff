import { betweenEqualEnds } from "../../between-equal-ends.ts";
import type { ProblemEvent } from "../../model/event.ts";
import type { Problem } from "../../model/problem.ts";
import { oncePer } from "../../once-per.ts";

/** Sources of problems; each reports its own complete list anew. */
export type Finder =
  | "manifests"
  | "controllers"
  | "later-controllers"
  | "certificates"
  | "hosts"
  | "options"
  | "streams"
  | "stand-ins"
  | "cluster"
  | "faults"
  | "recording";

/** Turns the finders' problems into events: one when a problem appears, one (`resolved`) when it is gone. */
export interface ProblemChanges {
  readonly set: (finder: Finder, problems: readonly Problem[]) => void;
  /** Releases events; until then they wait, so that `ready` comes first. */
  readonly open: () => void;
}

/** Identity of a problem; excludes the line, which moves with edits above it. */
const keyOf = oncePer(({ code, object, field, message, file }: Problem): string =>
  JSON.stringify([code, object?.kind, object?.namespace, object?.name, field, message, file]),
);

export function createProblemChanges(tell: (event: ProblemEvent) => void): ProblemChanges {
  const found = new Map<Finder, readonly Problem[]>();
  /** The number of places of the finders' lists, by key. */
  const counts = new Map<string, number>();
  let isOpen = false;

  const replace = (before: readonly Problem[], now: readonly Problem[]) => {
    const { before: gone, now: come } = betweenEqualEnds(before, now);
    const isNew = come.filter((problem) => add(problem) === "new");
    const resolved = gone.filter((problem) => remove(problem) === "gone");
    for (const problem of resolved) tell({ type: "problem", ...problem, resolved: true });
    for (const problem of isNew) tell({ type: "problem", ...problem });
  };
  const add = (problem: Problem): "new" | "known" => {
    const key = keyOf(problem);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    return count === 0 ? "new" : "known";
  };
  const remove = (problem: Problem): "gone" | "known" => {
    const key = keyOf(problem);
    const count = (counts.get(key) ?? 1) - 1;
    if (count === 0) counts.delete(key);
    else counts.set(key, count);
    return count === 0 ? "gone" : "known";
  };
  return {
    set: (finder, problems) => {
      const before = found.get(finder) ?? [];
      found.set(finder, problems);
      if (isOpen) replace(before, problems);
    },
    open: () => {
      isOpen = true;
      replace([], [...found.values()].flat());
    },
  };
}
