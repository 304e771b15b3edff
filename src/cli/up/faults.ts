import { internalProblem } from "../../internal.ts";
import type { Problem } from "../../model/problem.ts";

/** More kinds of mistakes than this help nobody; the first are the ones to report. */
const MOST_FAULTS = 20;

const WHAT =
  "Something went wrong in ingress-dev itself, and ended one request or connection; everything else goes on.";

/**
 * Mistakes of our own that ended one request or one connection while everything else went on: each kind is one problem,
 * however often it happens.
 */
export function createFaults(tell: (problems: readonly Problem[]) => void): (fault: unknown) => void {
  const known = new Map<string, Problem>();
  return (fault) => {
    const problem = internalProblem(fault, WHAT);
    if (known.has(problem.message) || known.size >= MOST_FAULTS) return;
    known.set(problem.message, problem);
    tell([...known.values()]);
  };
}
