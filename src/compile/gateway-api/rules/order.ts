import type { RouteEntry } from "../../../model/route/selection.ts";
import type { WrittenEntry } from "../entries.ts";

/** A list's entries with their ranks: the higher precedence first, then in the order given. */
export function inOrder(entries: readonly WrittenEntry[]): readonly RouteEntry[] {
  const ranked = [...new Set(entries)].sort((a, b) => compare(b.precedence, a.precedence));
  return ranked.map(({ match, route }, rank) => ({ kind: "route", match, route, rank }));
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [at, value] of a.entries()) {
    const other = b[at] ?? 0;
    if (value !== other) return value - other;
  }
  return 0;
}
