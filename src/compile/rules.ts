import type { Ingress, IngressRule } from "../model/resource.ts";
import { groupBy } from "../service/group-by.ts";

/** Fewer rules are looked through. */
const FEW = 4;

const BY_HOST = new WeakMap<Ingress, ReadonlyMap<string, readonly IngressRule[]>>();

/** The rules of an Ingress for a host, in their order. */
export function rulesOf(ingress: Ingress, host: string): readonly IngressRule[] {
  const { rules } = ingress.spec;
  if (rules.length <= FEW) return rules.filter((rule) => rule.host === host);
  let byHost = BY_HOST.get(ingress);
  if (byHost === undefined) {
    byHost = groupBy(rules, (rule) => [rule.host]);
    BY_HOST.set(ingress, byHost);
  }
  return byHost.get(host) ?? [];
}
