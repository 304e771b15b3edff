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

/** What the target does otherwise, with a request that shows it. */
export function changeProblem(
  change: KnownChange,
  verdicts: readonly { readonly verdict: ConversionVerdict }[],
): Problem {
  const { ingress, field, message, fix } = change;
  const [shown] = verdicts.flatMap(({ verdict }) => verdict.known.get(change) ?? []);
  const name = /\[(.*)\]$/.exec(field)?.[1] ?? field;
  return {
    code: "differs-after-conversion",
    level: "warning",
    ...ofIngress(ingress, field),
    message: `Ingress ${ingressName(ingress)}: ${name}: ${message}`,
    fix,
    witness: shown === undefined ? change.witness : requestInWords(shown),
  };
}

/** The controller leaves it out, so nothing of it is there to be converted. */
export function faultyProblem(ingress: Ingress, { message }: Problem): Problem {
  return {
    code: "not-converted",
    level: "error",
    ...ofIngress(ingress, undefined),
    message: `Ingress ${ingressName(ingress)} is left as it is: ${message}`,
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
