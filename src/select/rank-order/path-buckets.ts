import type { PathMatch, RouteEntry } from "../../model/route/selection.ts";
import type { Steps } from "../../steps.ts";
import { asElements } from "../path.ts";
import { type Cut, cutsOf, fits } from "../prefixes.ts";

/** An entry and its unique place by rank. */
export interface Placed {
  readonly place: number;
  readonly entry: RouteEntry;
  /** Nothing is left to check of an entry that is found by its host and path. */
  readonly isPlain: boolean;
}

export function placedAt(entry: RouteEntry, place: number): Placed {
  const { path, hosts, when } = entry.match;
  const isIndexed = isByText(path) && hosts?.some(({ kind }) => kind === "pattern") !== true;
  return { place, entry, isPlain: isIndexed && when === undefined };
}

type TextMatch = Exclude<PathMatch, { kind: "pattern" | "any" }>;

function isByText(path: PathMatch): path is TextMatch {
  return path.kind !== "pattern" && path.kind !== "any" && path.fold !== true;
}

/** Entries by path; lists in order of place. */
export interface PathBuckets {
  /** Exact paths, and `/p` of a prefix-element `/p`. */
  readonly exact: ReadonlyMap<string, readonly Placed[]>;
  /** Character prefixes, and `/p/` of a prefix-element `/p`. */
  readonly prefix: ReadonlyMap<string, readonly Placed[]>;
  readonly cuts: readonly Readonly<Cut>[];
  /** Expressions and case-insensitive paths. */
  readonly others: readonly Placed[];
}

/** How many entries are looked at in a step. */
const AT_ONCE = 500;

/** `entries` are in order of place. */
export function* pathBuckets(entries: readonly Placed[]): Steps<PathBuckets> {
  const exact = new Map<string, Placed[]>();
  const prefix = new Map<string, Placed[]>();
  const others: Placed[] = [];
  for (const [at, placed] of entries.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    const { path } = placed.entry.match;
    if (!isByText(path)) others.push(placed);
    else if (path.kind === "exact") addToList(exact, path.path, placed);
    else if (path.kind === "prefix-char") addToList(prefix, path.path, placed);
    else {
      const below = asElements(path.path);
      addToList(prefix, below, placed);
      addToList(exact, below.slice(0, -1), placed);
    }
  }
  return { exact, prefix, cuts: cutsOf(prefix, ([first]) => first?.place ?? 0), others };
}

export function addToList<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

/** Receives candidate entries. Those with a place of `below` or higher are useless to it. */
export interface Seeker {
  readonly below: number;
  see(placed: Placed): void;
}

/** Shows a seeker the entries that cover a path, and those that have to be tried. */
export function searchPaths(buckets: PathBuckets | undefined, path: string, seeker: Seeker): void {
  if (buckets === undefined) return;
  const { exact, prefix, cuts, others } = buckets;
  if (exact.size > 0) show(exact.get(path), seeker);
  for (const cut of cuts)
    if (cut.low < seeker.below && fits(cut, path)) show(prefix.get(path.slice(0, cut.length)), seeker);
  show(others, seeker);
}

function show(entries: readonly Placed[] | undefined, seeker: Seeker): void {
  if (entries === undefined) return;
  for (const placed of entries) {
    if (placed.place >= seeker.below) return;
    seeker.see(placed);
  }
}
