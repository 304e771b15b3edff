import type { Difference, DifferenceGroup } from "./difference.ts";
import { bySimplicity } from "./request-order.ts";

/**
 * Puts differences of one cause together, and the most telling first. Of one cause it is a request that a Service answers:
 * where a rule comes or goes, `/healthz` and redirects of its host change too.
 */
export function grouped(differences: readonly Difference[]): readonly DifferenceGroup[] {
  const groups = new Map<string, [Difference, ...Difference[]]>();
  for (const difference of [...differences].sort((a, b) => byService(a, b) || byRank(a, b))) {
    const known = groups.get(difference.cause.key);
    if (known === undefined) groups.set(difference.cause.key, [difference]);
    else known.push(difference);
  }
  return [...groups.values()].sort(([a], [b]) => byRank(a, b)).map((all) => ({ cause: all[0].cause, all }));
}

function byService(a: Difference, b: Difference): number {
  return Number(isForwarded(b)) - Number(isForwarded(a));
}

function isForwarded({ first, second }: Difference): boolean {
  return first.behaviour.kind === "forward" || second.behaviour.kind === "forward";
}

function byRank(a: Difference, b: Difference): number {
  return a.rank - b.rank || bySimplicity(a.request, b.request);
}
