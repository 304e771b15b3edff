import type { Problem } from "../../../model/problem.ts";
import type { Ingress } from "../../../model/resource.ts";
import { problemOf } from "../../problem.ts";

/**
 * Characters of Exact and Prefix paths under `strict-validate-path-type` (internal/ingress/inspector).
 * default: on
 */
const PLAIN_PATH = /^\/[0-9a-z._\-/]*$/i;

/** A warning for each path that the admission webhook refuses (inspector.go, ValidatePathType). */
export function strictPathTypes(ingress: Ingress): readonly Problem[] {
  const paths = ingress.spec.rules.flatMap((rule) => rule.paths ?? []);
  const odd = paths.filter(
    ({ path, pathType }) => pathType !== "ImplementationSpecific" && path !== "" && !PLAIN_PATH.test(path),
  );
  const words = odd.map(({ path, pathType }) => `path ${path} cannot be used with pathType ${pathType}`);
  const webhook = `ingress contains invalid paths: ${words.join("\n")}`;
  return odd.map(({ field }, index) =>
    problemOf(ingress, {
      code: "path-type-strict",
      level: "warning",
      field: `${field}.path`,
      message: `${words[index]}: the controller's admission webhook refuses the Ingress where it is installed`,
      fix: "Use pathType: ImplementationSpecific for a regular expression.",
      webhook,
    }),
  );
}
