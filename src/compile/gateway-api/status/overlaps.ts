import type { CustomResource } from "../../../model/resource.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { ingressName } from "../../problem.ts";
import { hostsOfRoute, type Parent } from "../attachment.ts";
import type { TranslatedRule } from "../rules.ts";

interface Attached {
  readonly parents: readonly Parent[];
  readonly rules: readonly TranslatedRule[];
}

/** As many names go into a message; the API server takes 32,768 characters. */
const NAMED = 200;

/** For each route, the others with an equal match on a host of a served listener, sorted: at most 200 of them. */
export function* overlapsOf(
  routes: readonly Attached[],
): Steps<ReadonlyMap<CustomResource, readonly string[]>> {
  const byMatch = new Map<string, Set<CustomResource>>();
  yield* eachInSteps(routes, ({ parents, rules }) => {
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
  });
  const overlaps = new Map<CustomResource, Set<string>>();
  yield* eachInSteps(byMatch.values(), (same) => {
    if (same.size < 2) return;
    const names = [...same]
      .map(nameOf)
      .toSorted()
      .slice(0, NAMED + 1);
    for (const route of same) {
      const others = overlaps.get(route) ?? new Set();
      overlaps.set(route, others);
      for (const name of names) if (others.size < NAMED && name !== nameOf(route)) others.add(name);
    }
  });
  return new Map([...overlaps].map(([route, others]) => [route, [...others].toSorted()]));
}

const nameOf = (route: CustomResource): string => `${route.kind} ${ingressName(route)}`;
