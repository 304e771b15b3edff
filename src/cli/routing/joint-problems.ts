import type { Problem } from "../../model/problem.ts";

/** The problem of an Ingress that is another controller's. */
const OF_OTHERS = "class-ignored";

/**
 * The problems of several controllers as one list. What several say alike is said once, and an Ingress counts as ignored
 * only if all ignore it.
 */
export function jointProblems(ofEach: readonly (readonly Problem[])[]): readonly Problem[] {
  const [first = [], ...others] = ofEach;
  if (others.length === 0) return first;
  const ignoredBy = ofEach.map(
    (problems) => new Set(problems.filter(({ code }) => code === OF_OTHERS).map(nameOf)),
  );
  const joint = new Map<string, Problem>();
  for (const problem of ofEach.flat()) {
    const isOfOthers = problem.code === OF_OTHERS;
    if (isOfOthers && !ignoredBy.every((names) => names.has(nameOf(problem)))) continue;
    const key = isOfOthers ? `${OF_OTHERS} ${nameOf(problem)}` : keyOf(problem);
    if (!joint.has(key)) joint.set(key, problem);
  }
  return [...joint.values()];
}

function nameOf({ object }: Problem): string {
  return `${object?.kind} ${object?.namespace}/${object?.name}`;
}

function keyOf({ code, object, field, message, file, line }: Problem): string {
  return JSON.stringify([code, object, field, message, file, line]);
}
