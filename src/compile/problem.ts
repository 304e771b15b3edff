import type { Code } from "../errors.ts";
import type { Problem, ProblemLevel } from "../model/problem.ts";
import type { Ingress } from "../model/resource.ts";

/** A problem of an Ingress, placed at one of its fields. */
export function problemOf(
  ingress: Ingress,
  problem: {
    readonly code: Code;
    readonly level: ProblemLevel;
    readonly field: string;
    readonly message: string;
    readonly fix: string;
    readonly stops?: string;
    readonly webhook?: string | undefined;
  },
): Problem {
  const { metadata, origin } = ingress;
  return {
    ...problem,
    object: { kind: "Ingress", namespace: metadata.namespace, name: metadata.name },
    file: origin.file,
    // 0 is where a cluster's objects are.
    line: origin.lineOf(problem.field) || undefined,
  };
}

/** `default/basic`: how Ingresses are named everywhere. */
export function ingressName(ingress: Ingress): string {
  return `${ingress.metadata.namespace}/${ingress.metadata.name}`;
}
