import type { CustomResource } from "../../../model/resource.ts";
import type { RouteEntry } from "../../../model/route/selection.ts";
import type { WrittenEntry } from "../entries.ts";

/** Entries of which any may come first in production; the first is used here. */
export type EntryPlace = readonly [WrittenEntry, ...WrittenEntry[]];

/**
 * A list's entries: the higher precedence first, then in the order given. Of equal precedence production has the older
 * route's; where their ages are not known, either may come.
 */
export function inOrder(entries: readonly WrittenEntry[]): readonly EntryPlace[] {
  const sorted = [...new Set(entries)].sort((a, b) => compare(b.precedence, a.precedence));
  const places: [WrittenEntry, ...WrittenEntry[]][] = [];
  let at = 0;
  for (let end = 1; at < sorted.length; end += 1) {
    const [first, next] = [sorted[at], sorted[end]];
    if (first === undefined) break;
    if (next !== undefined && mayComeInstead(next, first)) continue;
    for (const place of placesOf(sorted.slice(at, end))) places.push(place);
    at = end;
  }
  return places;
}

/**
 * The places of entries that differ by age alone. Without conditions, those of different paths never match one request;
 * with them they may.
 */
function placesOf(tied: readonly WrittenEntry[]): readonly [WrittenEntry, ...WrittenEntry[]][] {
  const byKey = new Map<string, [WrittenEntry, ...WrittenEntry[]]>();
  const isPlain = tied.every(({ match }) => match.when === undefined && match.path.kind !== "pattern");
  const owners = new Set(tied.map(({ owner }) => owner));
  for (const [at, entry] of tied.entries()) {
    const key = owners.size === 1 ? String(at) : isPlain ? entry.key : "";
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [entry]);
    else same.push(entry);
  }
  return [...byKey.values()];
}

/** Entries with the ranks of their places. */
export function ranked(places: readonly EntryPlace[]): readonly RouteEntry[] {
  return places.flatMap((place, rank) =>
    place.map(({ match, route }): RouteEntry => ({ kind: "route", match, route, rank })),
  );
}

/** Of equal precedence, and nobody knows which of the two routes is older. */
function mayComeInstead(entry: WrittenEntry, other: WrittenEntry): boolean {
  return (
    entry.owner.kind === other.owner.kind &&
    !hasAge(entry.owner) &&
    !hasAge(other.owner) &&
    compare(entry.precedence, other.precedence) === 0
  );
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
