import type { CustomResource } from "../../../model/resource.ts";
import type { RouteEntry } from "../../../model/route/selection.ts";
import type { WrittenEntry } from "../entries.ts";

/** Entries that may come in place of each other; the first is used here. */
export type EntryPlace = readonly [WrittenEntry, ...WrittenEntry[]];

/**
 * A list's entries: the higher precedence first, then in the order given. Of one match in two routes production has the
 * older; where their ages are not known, either may come.
 */
export function inOrder(entries: readonly WrittenEntry[]): readonly EntryPlace[] {
  const sorted = [...new Set(entries)].sort((a, b) => compare(b.precedence, a.precedence));
  const places: [WrittenEntry, ...WrittenEntry[]][] = [];
  const byKey = new Map<string, WrittenEntry[]>();
  for (const entry of sorted) {
    const same = byKey.get(entry.key);
    if (same !== undefined && mayComeInstead(entry, same.at(-1))) {
      same.push(entry);
      continue;
    }
    const place: [WrittenEntry, ...WrittenEntry[]] = [entry];
    places.push(place);
    if (same === undefined) byKey.set(entry.key, place);
  }
  return places;
}

/** Entries with the ranks of their places. */
export function ranked(places: readonly EntryPlace[]): readonly RouteEntry[] {
  return places.flatMap((place, rank) =>
    place.map(({ match, route }): RouteEntry => ({ kind: "route", match, route, rank })),
  );
}

/** Another route of the kind, and nobody knows which of the two is older. */
function mayComeInstead({ owner }: WrittenEntry, before: WrittenEntry | undefined): boolean {
  if (before === undefined || before.owner === owner || before.owner.kind !== owner.kind) return false;
  return !hasAge(owner) && !hasAge(before.owner);
}

function hasAge({ metadata }: CustomResource): boolean {
  return metadata.creationTimestamp !== undefined;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}
