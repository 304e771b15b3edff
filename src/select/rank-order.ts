import type { RouteEntry, RouteFound, RouteIndex, RouteLookup, Star } from "../model/selection.ts";
import { conditionHolds } from "./condition.ts";
import { isCovered } from "./host.ts";
import { coversPath } from "./path.ts";
import { hostBuckets, searchHosts } from "./rank-order/host-buckets.ts";
import type { Placed, Seeker } from "./rank-order/path-buckets.ts";

export interface RankOptions {
  /** "drawn": reports all matches of the lowest rank. default: "first" of the list */
  readonly ties?: "first" | "drawn" | undefined;
  /** The meaning of `*` in a one-label wildcard. default: "some" */
  readonly star?: Star | undefined;
}

/**
 * Entries by rank: the lowest match wins, whatever its host.
 *
 * Looks entries up by exact host or wildcard, then by path. Expressions and case-insensitive paths are tried
 * one by one while they could still win.
 */
export function rankOrder(
  entries: readonly RouteEntry[],
  { ties = "first", star = "some" }: RankOptions = {},
): RouteIndex {
  const sorted = [...entries].sort((a, b) => a.rank - b.rank);
  const ends = ties === "drawn" ? endsOf(sorted) : undefined;
  const buckets = hostBuckets(sorted.map((entry, place) => ({ entry, place })));
  const verdictOn = (placed: Placed, lookup: RouteLookup) => {
    const { path, hosts, when } = placed.entry.match;
    if (hosts !== undefined && buckets.asked.has(placed))
      if (!hosts.some((host) => isCovered(lookup.name, host, star))) return false;
    return (when === undefined || conditionHolds(when, lookup, star)) && coversPath(path, lookup.path.path);
  };
  return {
    find: (lookup) => {
      const verdict = (placed: Placed) => verdictOn(placed, lookup);
      const first = new First(verdict);
      searchHosts(buckets, lookup, star, first);
      const { found, below } = first;
      const end = found?.kind === "route" ? ends?.get(found.rank) : undefined;
      if (end === undefined || end === below + 1) return found;
      const drawn = new EveryTied(end, verdict);
      searchHosts(buckets, lookup, star, drawn);
      return drawn.found;
    },
  };
}

function endsOf(sorted: readonly RouteEntry[]): ReadonlyMap<number, number> {
  return new Map(sorted.map(({ rank }, place) => [rank, place + 1]));
}

type Verdict = (placed: Placed) => boolean | "too-complex";

/** Finds the matching entry of the lowest place. */
class First implements Seeker {
  below = Number.POSITIVE_INFINITY;
  found: RouteFound | undefined;
  readonly #verdict: Verdict;

  constructor(verdict: Verdict) {
    this.#verdict = verdict;
  }

  see(placed: Placed): void {
    const verdict = this.#verdict(placed);
    if (verdict === false) return;
    const { place, entry } = placed;
    this.below = place;
    const { path } = entry.match;
    this.found =
      verdict === "too-complex" && path.kind === "pattern"
        ? { kind: "too-complex", pattern: path.pattern }
        : entry;
  }
}

class EveryTied implements Seeker {
  readonly below: number;
  readonly #verdict: Verdict;
  readonly #entries = new Map<number, RouteEntry>();

  constructor(end: number, verdict: Verdict) {
    this.below = end;
    this.#verdict = verdict;
  }

  see(placed: Placed): void {
    if (this.#verdict(placed) === true) this.#entries.set(placed.place, placed.entry);
  }

  get found(): RouteFound | undefined {
    const [first, ...others] = [...this.#entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
    if (first === undefined || others.length === 0) return first;
    return { kind: "one-of", entries: [first, ...others] };
  }
}
