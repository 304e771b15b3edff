import type { Problem } from "../../../model/problem.ts";
import type { RouteFound, RouteIndex } from "../../../model/route/selection.ts";
import type { Route } from "../../../model/route.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { refOf } from "../../route.ts";
import type { WrittenEntry } from "../entries.ts";
import type { EntryPlace } from "../rules/order.ts";

/** Routes with one match on a host whose ages nobody knows, once for each two of them. `told`: those told before */
export function drawnProblems(
  places: readonly EntryPlace[],
  host: string,
  told: Set<string>,
): readonly Problem[] {
  return places.flatMap((place) => {
    if (place.length === 1) return [];
    const firsts = new Map<string, WrittenEntry>();
    return place.flatMap((entry) => {
      const first = firsts.get(entry.key);
      if (first === undefined) firsts.set(entry.key, entry);
      return first === undefined || first.owner === entry.owner ? [] : drawn(first, entry, host, told);
    });
  });
}

function drawn(
  first: WrittenEntry,
  { owner, route }: WrittenEntry,
  host: string,
  told: Set<string>,
): readonly Problem[] {
  const pair = `${host} ${ingressName(first.owner)} ${owner.kind} ${ingressName(owner)}`;
  if (told.has(pair)) return [];
  told.add(pair);
  const { file, line } = refOf(first.owner, "spec.rules");
  const place = `${file}${line === 0 ? "" : `:${line}`}`;
  const where = host === "*" ? "every host" : `host ${host}`;
  return [
    problemOf(owner, {
      ...{ code: "ambiguous-route", level: "warning", field: "spec.rules" },
      message: `${owner.kind} ${ingressName(owner)} and ${ingressName(first.owner)} (${place}) have the same match on ${where} (${route.inWords?.match ?? ""}). Envoy Gateway serves the one that was created first, which these files do not tell. Here it is ${ingressName(first.owner)}, by its name.`,
      fix: "Remove one of the two, or let one of them match more: a longer path, a header.",
    }),
  ];
}

/** Of each object only its first matching rule may come: its rules keep their order, whatever its age. */
export function oncePerOwner(index: RouteIndex, places: readonly EntryPlace[]): RouteIndex {
  const owners = new Map<Route, object>();
  for (const place of places)
    if (place.length > 1) for (const { route, owner } of place) owners.set(route, owner);
  if (owners.size === 0) return index;
  const firsts = (found: RouteFound | undefined): RouteFound | undefined => {
    if (found?.kind !== "one-of") return found;
    const seen = new Set<object>();
    const [first] = found.entries;
    const others = found.entries.filter(({ route }) => {
      const owner = owners.get(route) ?? route;
      const isNew = !seen.has(owner);
      seen.add(owner);
      return isNew && route !== first.route;
    });
    return others.length === 0 ? first : { kind: "one-of", entries: [first, ...others] };
  };
  return { inOrder: () => index.inOrder(), find: (lookup) => firsts(index.find(lookup)) };
}
