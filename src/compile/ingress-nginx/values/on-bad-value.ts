import type { Code } from "../../../errors.ts";
import type { ProblemLevel } from "../../../model/problem.ts";

/**
 * The controller's ways with a value that its parser refuses: it passes the error up and does not serve the Ingress,
 * answers 503 at every path of it, goes on as if none of the annotations of its parser were there, or as if this one were
 * not (annotations.go, Extract; store.go, syncIngress). What its parser takes and nginx does not is a `stop`.
 */
export type OnBadValue = "forbid-hosts" | "refuse-ingress" | "deny-location" | "ignore-group" | "use-default";

/** The code and level of the problem, and what the controller does. */
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
