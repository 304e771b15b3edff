import type { Code } from "../../../errors.ts";
import type { ProblemLevel } from "../../../model/problem.ts";

/**
 * The controller's reactions to a value that its parser refuses: do not serve the Ingress, answer 503 at all
 * its paths, ignore all annotations of that parser, or ignore this one (annotations.go, Extract; store.go,
 * syncIngress). A value that only nginx refuses is a `stop`.
 */
export type OnBadValue = "forbid-hosts" | "refuse-ingress" | "deny-location" | "ignore-group" | "use-default";

export const OUTCOMES = {
  "refuse-ingress": ["annotation-refused", "error", "the controller does not serve this Ingress"],
  "deny-location": [
    "annotation-denied",
    "error",
    "the controller answers 503 at every path of this Ingress, although kubectl apply takes it",
  ],
  "forbid-hosts": [
    "annotation-denied",
    "error",
    "the controller answers 403 to every request for the hosts of this Ingress, although kubectl apply takes it",
  ],
  "ignore-group": ["annotation-ignored", "warning", "the controller ignores it"],
  "use-default": ["annotation-ignored", "warning", "the controller ignores it"],
} as const satisfies Record<OnBadValue, readonly [Code, ProblemLevel, string]>;
