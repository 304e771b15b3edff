import type { CustomResource } from "../../../model/resource.ts";
import { ingressName } from "../../problem.ts";
import { hostsOfRoute, type Parent } from "../attachment.ts";
import type { TranslatedRule } from "../rules.ts";

interface Attached {
  readonly parents: readonly Parent[];
  readonly rules: readonly TranslatedRule[];
}

/** For each route, the others with an equal match on a host of a served listener. */
export function overlapsOf(routes: readonly Attached[]): ReadonlyMap<CustomResource, ReadonlySet<string>> {
  const byMatch = new Map<string, Set<CustomResource>>();
  for (const { parents, rules } of routes)
    for (const { attached, siblings } of parents)
      for (const listener of attached) {
        if (!listener.served) continue;
        for (const rule of rules)
          for (const host of hostsOfRoute(rule.route, listener, siblings))
            for (const { key } of rule.matches) {
              const place = `${ingressName(listener.owner)}/${listener.name} ${host} ${key}`;
              const same = byMatch.get(place);
              if (same === undefined) byMatch.set(place, new Set([rule.route]));
              else same.add(rule.route);
            }
      }
  const overlaps = new Map<CustomResource, Set<string>>();
  for (const same of byMatch.values()) {
    if (same.size < 2) continue;
    for (const route of same) {
      const others = overlaps.get(route) ?? new Set();
      overlaps.set(route, others);
      for (const other of same) if (other !== route) others.add(`${other.kind} ${ingressName(other)}`);
    }
  }
  return overlaps;
}
