import type { Ingress, IngressRule } from "../model/resource.ts";
import { oncePer } from "../once-per.ts";
import { groupBy } from "../service/group-by.ts";

/** Fewer rules are looked through. */
const FEW = 4;

const rulesByHost = oncePer(({ spec }: Ingress) => groupBy(spec.rules, (rule) => [rule.host]));

/** The rules of an Ingress for a host, in their order. */
export function rulesOf(ingress: Ingress, host: string): readonly IngressRule[] {
  const { rules } = ingress.spec;
  if (rules.length <= FEW) return rules.filter((rule) => rule.host === host);
  return rulesByHost(ingress).get(host) ?? [];
}
