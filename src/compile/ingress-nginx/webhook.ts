import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import { problemOf } from "../problem.ts";

/** ConfigMap strict-validate-path-type (default true): what Exact and Prefix paths may hold (internal/ingress/inspector). */
const PLAIN_PATH = /^\/[0-9a-z._\-/]*$/i;

/** A warning for each path that the controller's admission webhook would refuse, in its own words. */
export function strictPathTypes(ingress: Ingress): readonly Problem[] {
  const paths = ingress.spec.rules.flatMap((rule) => rule.paths ?? []);
  return paths
    .filter(
      ({ path, pathType }) => pathType !== "ImplementationSpecific" && path !== "" && !PLAIN_PATH.test(path),
    )
    .map(({ path, pathType, field }) =>
      problemOf(ingress, {
        code: "path-type-strict",
        level: "warning",
        field: `${field}.path`,
        message: `path ${path} cannot be used with pathType ${pathType} (the words of the controller's admission webhook, which refuses the Ingress where it is installed)`,
        fix: "Use pathType: ImplementationSpecific for a regular expression.",
      }),
    );
}

/** Codes of what the admission webhook refuses, although the controller would serve the rest of the Ingress. */
const REFUSED: ReadonlySet<string> = new Set([
  "duplicate-path",
  "path-type-strict",
  "bad-pattern",
  "annotation-refused",
]);

/**
 * Whether the controller's admission webhook would refuse the Ingress for this: paths that another one has, paths that
 * their type does not allow, annotations that are not taken, and whatever nginx would not load.
 *
 * Source: ingress-nginx controller.go, CheckIngress (checkOverlap, ValidatePathType, annotations, testTemplate).
 */
export function refusedByWebhook({ code }: Problem): boolean {
  return REFUSED.has(code);
}
