import type { ControllerFacts } from "../../compile/controller.ts";
import { ingressName } from "../../compile/problem.ts";
import type { KnownChange } from "../../convert/to/target.ts";
import type { ConversionVerdict } from "../../convert/to/verdict.ts";
import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import { requestInWords } from "../diff/report/request-text.ts";

function ofIngress(
  ingress: Ingress,
  field: string | undefined,
): Pick<Problem, "object" | "field" | "file" | "line"> {
  const { kind, metadata, origin } = ingress;
  return {
    object: { kind, namespace: metadata.namespace, name: metadata.name },
    field,
    file: origin.file,
    line: (field === undefined ? origin.line : origin.lineOf(field)) || undefined,
  };
}

/** A problem for each thing that the target does otherwise, with a request that shows it. */
export function changeProblems(
  change: KnownChange,
  verdicts: readonly { readonly verdict: ConversionVerdict }[],
): readonly Problem[] {
  const { ingress, field, message, fix } = change;
  // A conversion of one controller's Ingresses alone says the same in objects of its own.
  const [shown] = verdicts.flatMap(({ verdict }) =>
    [...verdict.known].flatMap(([known, all]) => (isSame(known, change) ? all : [])),
  );
  if (shown === undefined && change.when === "shown") return [];
  const name = /\[(.*)\]$/.exec(field)?.[1] ?? field;
  const witness = shown === undefined ? change.witness : requestInWords(shown);
  const problem: Problem = {
    code: "differs-after-conversion",
    level: "warning",
    ...ofIngress(ingress, field),
    message: `Ingress ${ingressName(ingress)}: ${name}: ${message}`,
    fix,
    witness,
  };
  return [problem];
}

function isSame(a: KnownChange, b: KnownChange): boolean {
  return a.ingress === b.ingress && a.field === b.field && a.message === b.message;
}

/** The controller leaves it out, so nothing of it is there to be converted. */
export function faultyProblem(ingress: Ingress, why: string): Problem {
  return {
    code: "not-converted",
    level: "error",
    ...ofIngress(ingress, undefined),
    message: `Ingress ${ingressName(ingress)} is left as it is: ${why}`,
    fix: "Correct it first: ingress-dev check says how.",
  };
}

export function leftProblem(ingress: Ingress, field: string | undefined, why: string): Problem {
  return {
    code: "not-converted",
    level: "error",
    ...ofIngress(ingress, field),
    message: `Ingress ${ingressName(ingress)} is left as it is: ${field === undefined ? "" : `${field} `}${why}`,
    fix: CODES["not-converted"],
  };
}

/** Nothing is to be done. */
export function alreadyProblem(ingress: Ingress, { name, title = name }: ControllerFacts): Problem {
  return {
    code: "not-converted",
    level: "notice",
    ...ofIngress(ingress, undefined),
    message: `Ingress ${ingressName(ingress)} is ${title}'s already, and is left as it is`,
    fix: "To convert it all the same, name its controller before: --controller NAME.",
  };
}
