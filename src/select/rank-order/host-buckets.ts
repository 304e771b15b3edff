import type { RouteLookup, Star } from "../../model/route/selection.ts";
import { wildcardOf } from "../../request/host.ts";
import type { Steps } from "../../steps.ts";
import {
  addToList,
  type PathBuckets,
  type Placed,
  pathBuckets,
  type Seeker,
  searchPaths,
} from "./path-buckets.ts";

/** Entries by host; one with several hosts is listed under each. */
export interface HostBuckets {
  readonly exact: ReadonlyMap<string, PathBuckets>;
  readonly oneLabel: ReadonlyMap<string, PathBuckets>;
  readonly suffix: ReadonlyMap<string, PathBuckets>;
  /** Without host, or with an expression. */
  readonly any: PathBuckets;
  /** Entries of `any` whose hosts have to be checked. */
  readonly asked: ReadonlySet<Placed>;
}

/** How many entries are looked at in a step. */
const AT_ONCE = 500;

/** `entries` are in order of place. */
export function* hostBuckets(entries: readonly Placed[]): Steps<HostBuckets> {
  const lists = {
    exact: new Map<string, Placed[]>(),
    "one-label": new Map<string, Placed[]>(),
    suffix: new Map<string, Placed[]>(),
  };
  const any: Placed[] = [];
  const asked = new Set<Placed>();
  for (const [at, placed] of entries.entries()) {
    if (at % AT_ONCE === AT_ONCE - 1) yield;
    const { hosts } = placed.entry.match;
    if (hosts === undefined) any.push(placed);
    else if (hosts.some(({ kind }) => kind === "pattern")) {
      any.push(placed);
      asked.add(placed);
    } else
      for (const host of hosts) if (host.kind !== "pattern") addToList(lists[host.kind], host.name, placed);
  }
  return {
    exact: yield* bucketsOf(lists.exact),
    oneLabel: yield* bucketsOf(lists["one-label"]),
    suffix: yield* bucketsOf(lists.suffix),
    any: yield* pathBuckets(any),
    asked,
  };
}

function* bucketsOf(lists: ReadonlyMap<string, readonly Placed[]>): Steps<ReadonlyMap<string, PathBuckets>> {
  const buckets = new Map<string, PathBuckets>();
  for (const [name, entries] of lists) {
    buckets.set(name, yield* pathBuckets(entries));
    yield;
  }
  return buckets;
}

/** Shows a seeker the entries for a host and path, and entries of `any` whose hosts have to be checked. */
export function searchHosts(
  { exact, oneLabel, suffix, any }: HostBuckets,
  { name, path: { path } }: Pick<RouteLookup, "name" | "path">,
  star: Star,
  seeker: Seeker,
): void {
  if (exact.size > 0) searchPaths(exact.get(name), path, seeker);
  if (oneLabel.size > 0) searchPaths(oneLabel.get(wildcardOf(name, star) ?? ""), path, seeker);
  if (suffix.size > 0)
    for (let dot = name.indexOf(".", 1); dot !== -1; dot = name.indexOf(".", dot + 1))
      searchPaths(suffix.get(`*${name.slice(dot)}`), path, seeker);
  searchPaths(any, path, seeker);
}
