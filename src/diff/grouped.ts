import type { Difference, DifferenceGroup } from "./difference.ts";
import { bySimplicity } from "./request-order.ts";

/** Puts differences of one cause together, and the most telling first. */
export function grouped(differences: readonly Difference[]): readonly DifferenceGroup[] {
  const groups = new Map<string, [Difference, ...Difference[]]>();
  for (const difference of [...differences].sort(byRank)) {
    const known = groups.get(difference.cause.key);
    if (known === undefined) groups.set(difference.cause.key, [difference]);
    else known.push(difference);
  }
  // A Map keeps the order of first differences.
  return [...groups.values()].map((all) => ({ cause: all[0].cause, all }));
}

function byRank(a: Difference, b: Difference): number {
  return a.rank - b.rank || bySimplicity(a.request, b.request);
}
