import type { Outcome } from "../match/outcome.ts";
import { ownMatchOf } from "../model/route.ts";
import type { DifferenceSide } from "./difference.ts";
import { ingressOf } from "./table-rules.ts";

export function sideOf(
  { decision }: Pick<Outcome, "decision">,
  behaviour: DifferenceSide["behaviour"],
): DifferenceSide {
  const { route, why } = decision;
  const { ingress } = route ?? {};
  return {
    behaviour,
    ingress: ingressOf(route),
    kind: ingress?.kind,
    rule: route?.rule,
    match: route && ownMatchOf(route),
    place: ingress && { file: ingress.file, line: ingress.line },
    why,
  };
}
