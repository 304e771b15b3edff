import type { Code } from "../errors.ts";
import type { Problem, ProblemLevel } from "../model/problem.ts";
import type { Ingress, Written } from "../model/resource.ts";

export function problemOf(
  { kind, metadata, origin }: Written & { readonly kind: string },
  problem: {
    readonly code: Code;
    readonly level: ProblemLevel;
    readonly field: string;
    readonly message: string;
    readonly fix: string;
    readonly stops?: string;
    readonly lost?: Problem["lost"];
    readonly webhook?: string | undefined;
  },
): Problem {
  return {
    ...problem,
    object: { kind, namespace: metadata.namespace, name: metadata.name },
    file: origin.file,
    // Found when it is asked for, since the document may move. Line 0 means a cluster's object.
    get line() {
      return origin.lineOf(problem.field) || undefined;
    },
  };
}

export function ingressName({ metadata }: Pick<Ingress, "metadata">): string {
  return `${metadata.namespace}/${metadata.name}`;
}
