import type { Star } from "../../model/selection.ts";
import { wildcardOf } from "../../request/host.ts";
import {
  addToList,
  type PathBuckets,
  type Placed,
  pathBuckets,
  type Seeker,
  searchPaths,
} from "./path-buckets.ts";

/** Entries by their hosts. One with several hosts is at each of them. */
export interface HostBuckets {
  readonly exact: ReadonlyMap<string, PathBuckets>;
  /** By `*.a.test`. */
  readonly oneLabel: ReadonlyMap<string, PathBuckets>;
  /** By `*.a.test`. */
  readonly suffix: ReadonlyMap<string, PathBuckets>;
  /** Without a host, or with one that is an expression. */
  readonly any: PathBuckets;
  /** Those in `any` that have hosts, which are to be asked. */
  readonly asked: ReadonlySet<Placed>;
}

/** Of entries in order of place. */
export function hostBuckets(entries: readonly Placed[]): HostBuckets {
  const lists = {
    exact: new Map<string, Placed[]>(),
    "one-label": new Map<string, Placed[]>(),
    suffix: new Map<string, Placed[]>(),
  };
  const any: Placed[] = [];
  const asked = new Set<Placed>();
  for (const placed of entries) {
    const { hosts } = placed.entry.match;
    if (hosts === undefined) any.push(placed);
    else if (hosts.some(({ kind }) => kind === "pattern")) {
      any.push(placed);
      asked.add(placed);
    } else
      for (const host of hosts) if (host.kind !== "pattern") addToList(lists[host.kind], host.name, placed);
  }
  return {
    exact: bucketsOf(lists.exact),
    oneLabel: bucketsOf(lists["one-label"]),
    suffix: bucketsOf(lists.suffix),
    any: pathBuckets(any),
    asked,
  };
}

function bucketsOf(lists: ReadonlyMap<string, readonly Placed[]>): ReadonlyMap<string, PathBuckets> {
  return new Map([...lists].map(([name, entries]) => [name, pathBuckets(entries)]));
}

/** Shows a seeker the entries for a host and a path, and those in `any` that are to be asked for theirs. */
export function searchHosts(
  { exact, oneLabel, suffix, any }: HostBuckets,
  { name, path }: { readonly name: string; readonly path: string },
  star: Star,
  seeker: Seeker,
): void {
  const search = (buckets: PathBuckets | undefined) => {
    if (buckets !== undefined) searchPaths(buckets, path, seeker);
  };
  search(exact.get(name));
  if (oneLabel.size > 0) search(oneLabel.get(wildcardOf(name, star) ?? ""));
  if (suffix.size > 0)
    for (let dot = name.indexOf(".", 1); dot !== -1; dot = name.indexOf(".", dot + 1))
      search(suffix.get(`*${name.slice(dot)}`));
  search(any);
}
