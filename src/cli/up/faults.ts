import { internalProblem } from "../../internal.ts";
import type { Problem } from "../../model/problem.ts";

/** The first kinds are the ones to report; more help nobody. */
const MOST_FAULTS = 20;

const WHAT =
  "Something went wrong in ingress-dev itself, and ended one request or connection; everything else goes on.";

/** Bugs of ours that ended one request or connection: one problem per kind. */
export function createFaults(tell: (problems: readonly Problem[]) => void): (fault: unknown) => void {
  const known = new Map<string, Problem>();
  return (fault) => {
    const problem = internalProblem(fault, WHAT);
    if (known.has(problem.message) || known.size >= MOST_FAULTS) return;
    known.set(problem.message, problem);
    tell([...known.values()]);
  };
}
