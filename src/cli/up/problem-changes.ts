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

/** By problem: what is kept from one compilation to the next keeps its key. */
const KEYS = new WeakMap<Problem, string>();

/** Identity of a problem; excludes the line, which moves with edits above it. */
function keyOf(problem: Problem): string {
  let key = KEYS.get(problem);
  if (key === undefined) {
    const { code, object, field, message, file } = problem;
    key = JSON.stringify([code, object?.kind, object?.namespace, object?.name, field, message, file]);
    KEYS.set(problem, key);
  }
  return key;
}

export function createProblemChanges(tell: (event: ProblemEvent) => void): ProblemChanges {
  const found = new Map<Finder, readonly Problem[]>();
  /** The number of places of the finders' lists, by key. */
  const counts = new Map<string, number>();
  let isOpen = false;

  /** Only what is between equal beginnings and ends is looked at: most of a long list stays as it is. */
  const replace = (before: readonly Problem[], now: readonly Problem[]) => {
    const start = sameAtStart(before, now);
    const end = sameAtEnd(before, now, start);
    const gone = before.slice(start, before.length - end);
    const come = now.slice(start, now.length - end);
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

function sameAtStart(before: readonly Problem[], now: readonly Problem[]): number {
  const most = Math.min(before.length, now.length);
  let same = 0;
  while (same < most && before[same] === now[same]) same += 1;
  return same;
}

function sameAtEnd(before: readonly Problem[], now: readonly Problem[], start: number): number {
  const most = Math.min(before.length, now.length) - start;
  let same = 0;
  while (same < most && before[before.length - 1 - same] === now[now.length - 1 - same]) same += 1;
  return same;
}
