import type { CustomResource } from "../../../model/resource.ts";
import { eachInSteps, type Steps } from "../../../steps.ts";
import { ingressName } from "../../problem.ts";
import { hostsOfRoute, type Parent } from "../attachment.ts";
import type { GatewayListener } from "../listeners.ts";
import type { TranslatedRule } from "../rules.ts";

interface Attached {
  readonly parents: readonly Parent[];
  readonly rules: readonly TranslatedRule[];
}

/** As many names go into a message; the API server takes 32,768 characters. */
const NAMED = 200;

/** By listener, the other routes with an equal match on one of its hosts. */
type Overlaps = ReadonlyMap<GatewayListener, ReadonlySet<string>>;

/** For each route its overlaps on served listeners: at most 200 names on each. */
export function* overlapsOf(routes: readonly Attached[]): Steps<ReadonlyMap<CustomResource, Overlaps>> {
  const places = new Map<
    string,
    { readonly listener: GatewayListener; readonly same: Set<CustomResource> }
  >();
  yield* eachInSteps(routes, ({ parents, rules }) => {
    for (const { attached, siblings } of parents)
      for (const listener of attached) {
        if (!listener.served) continue;
        for (const rule of rules)
          for (const host of hostsOfRoute(rule.route, listener, siblings))
            for (const { key } of rule.matches) {
              const place = `${ingressName(listener.owner)}/${listener.name} ${host} ${key}`;
              const known = places.get(place);
              if (known === undefined) places.set(place, { listener, same: new Set([rule.route]) });
              else known.same.add(rule.route);
            }
      }
  });
  const overlaps = new Map<CustomResource, Map<GatewayListener, Set<string>>>();
  yield* eachInSteps(places.values(), ({ listener, same }) => {
    if (same.size < 2) return;
    const names = [...same]
      .map(nameOf)
      .toSorted()
      .slice(0, NAMED + 1);
    for (const route of same) {
      const byListener = overlaps.get(route) ?? new Map<GatewayListener, Set<string>>();
      overlaps.set(route, byListener);
      const others = byListener.get(listener) ?? new Set<string>();
      byListener.set(listener, others);
      for (const name of names) if (others.size < NAMED && name !== nameOf(route)) others.add(name);
    }
  });
  return overlaps;
}

/** What overlaps on the listeners of a parent, sorted. */
export function overlappingOn({ attached }: Parent, overlaps: Overlaps | undefined): readonly string[] {
  const names = new Set(attached.flatMap((listener) => [...(overlaps?.get(listener) ?? [])]));
  return [...names].toSorted().slice(0, NAMED);
}

const nameOf = (route: CustomResource): string => `${route.kind} ${ingressName(route)}`;
