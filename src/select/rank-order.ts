import type { RouteEntry, RouteFound, RouteIndex, RouteLookup, Star } from "../model/route/selection.ts";
import { atOnce, eachInSteps, type Steps, sortedInSteps } from "../steps.ts";
import { conditionHolds } from "./condition.ts";
import { isHostOf } from "./host.ts";
import { coversPath } from "./path.ts";
import { type HostBuckets, hostBuckets, searchHosts } from "./rank-order/host-buckets.ts";
import { type Placed, placedAt, type Seeker } from "./rank-order/path-buckets.ts";

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
): RankOrder {
  return new RankOrder(entries, ties, star);
}

/** A search over fewer entries is prepared by the first request, which takes less than a millisecond. */
const FEW = 1_000;

interface Prepared {
  readonly buckets: HostBuckets;
  /** For drawn ties, by rank: the first place of a higher one. */
  readonly ends: ReadonlyMap<number, number> | undefined;
}

class RankOrder implements RouteIndex {
  readonly #entries: readonly RouteEntry[];
  readonly #ties: "first" | "drawn";
  readonly #star: Star;
  /** Production may lack some entries. */
  readonly #isUncertain: boolean;
  #prepared: Prepared | undefined;

  constructor(entries: readonly RouteEntry[], ties: "first" | "drawn", star: Star) {
    this.#entries = entries;
    this.#ties = ties;
    this.#star = star;
    this.#isUncertain = entries.some(({ fate }) => fate !== undefined);
  }

  /** Spares the first request the work where there are many entries. */
  *prepare(): Steps<void> {
    if (this.#entries.length > FEW) yield* this.#prepare();
  }

  *#prepare(): Steps<Prepared> {
    const sorted = yield* sortedInSteps(this.#entries, (a, b) => a.rank - b.rank);
    const ends = new Map<number, number>();
    const placed: Placed[] = [];
    yield* eachInSteps(sorted.entries(), ([place, entry]) => {
      placed.push(placedAt(entry, place));
      ends.set(entry.rank, place + 1);
    });
    const buckets = yield* hostBuckets(placed);
    this.#prepared = { buckets, ends: this.#ties === "drawn" ? ends : undefined };
    return this.#prepared;
  }

  inOrder(): readonly RouteEntry[] {
    return this.#entries.toSorted((a, b) => a.rank - b.rank);
  }

  find(lookup: RouteLookup): RouteFound | undefined {
    const { buckets, ends } = this.#prepared ?? atOnce(this.#prepare());
    const first = new First(this, lookup);
    searchHosts(buckets, lookup, this.#star, first);
    const { found, below } = first;
    if (this.#isUncertain && found?.kind === "route") {
      const every = new EveryTied(this, lookup, Number.POSITIVE_INFINITY);
      searchHosts(buckets, lookup, this.#star, every);
      return drawnAmong(every.inOrder);
    }
    const end = found?.kind === "route" ? ends?.get(found.rank) : undefined;
    if (end === undefined || end === below + 1) return found;
    const tied = new EveryTied(this, lookup, end);
    searchHosts(buckets, lookup, this.#star, tied);
    return tied.found;
  }

  verdictOn(placed: Placed, lookup: RouteLookup): boolean | "too-complex" {
    const { path, hosts, when } = placed.entry.match;
    if (hosts !== undefined && this.#prepared?.buckets.asked.has(placed))
      if (!hosts.some((host) => isHostOf(lookup, host, this.#star))) return false;
    return (
      (when === undefined || conditionHolds(when, lookup, this.#star)) && coversPath(path, lookup.path.path)
    );
  }
}

/** Finds the matching entry of the lowest place. */
class First implements Seeker {
  below = Number.POSITIVE_INFINITY;
  found: RouteFound | undefined;
  readonly #order: RankOrder;
  readonly #lookup: RouteLookup;

  constructor(order: RankOrder, lookup: RouteLookup) {
    this.#order = order;
    this.#lookup = lookup;
  }

  see(placed: Placed): void {
    const verdict = placed.isPlain || this.#order.verdictOn(placed, this.#lookup);
    if (verdict === false) return;
    this.below = placed.place;
    this.found = verdict === true ? placed.entry : tooComplex(placed.entry);
  }
}

function tooComplex(entry: RouteEntry): RouteFound {
  const { path } = entry.match;
  return path.kind === "pattern" ? { kind: "too-complex", pattern: path.pattern } : entry;
}

class EveryTied implements Seeker {
  readonly below: number;
  readonly #order: RankOrder;
  readonly #lookup: RouteLookup;
  readonly #entries = new Map<number, RouteEntry>();

  constructor(order: RankOrder, lookup: RouteLookup, end: number) {
    this.below = end;
    this.#order = order;
    this.#lookup = lookup;
  }

  see(placed: Placed): void {
    if (placed.isPlain || this.#order.verdictOn(placed, this.#lookup) === true)
      this.#entries.set(placed.place, placed.entry);
  }

  get inOrder(): readonly RouteEntry[] {
    return [...this.#entries].sort(([a], [b]) => a - b).map(([, entry]) => entry);
  }

  get found(): RouteFound | undefined {
    const [first, ...others] = this.inOrder;
    if (first === undefined || others.length === 0) return first;
    return { kind: "one-of", entries: [first, ...others] };
  }
}

/** What may answer: up to the first rank with an entry that production has for certain. Those that are here come first. */
function drawnAmong(matching: readonly RouteEntry[]): RouteFound | undefined {
  const here: RouteEntry[] = [];
  const lost: RouteEntry[] = [];
  let last: number | undefined;
  for (const entry of matching) {
    if (last !== undefined && entry.rank !== last) break;
    (entry.fate === "lost" ? lost : here).push(entry);
    if (entry.fate === undefined) last = entry.rank;
  }
  const [first, ...others] = [...here, ...lost];
  if (first === undefined) return undefined;
  if (last === undefined) return { kind: "one-of", entries: [first, ...others], missAt: here.length };
  return others.length === 0 ? first : { kind: "one-of", entries: [first, ...others] };
}
