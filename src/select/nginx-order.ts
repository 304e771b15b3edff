import type { RouteEntry, RouteFound, RouteIndex } from "../model/selection.ts";
import { type Cut, cutsOf, fits } from "./prefixes.ts";

type OwnPath = Extract<RouteFound, { kind: "own-path" }>;
type Slash = Extract<RouteFound, { kind: "slash" }>;

/**
 * nginx's search for a location: the exact one, else the first matching expression, else the longest prefix.
 * A `final` longest prefix excludes expressions. Of equal paths the first counts.
 *
 * Reads only "exact", "prefix-char" and "pattern", and no conditions: locations have none. `ownPaths` are
 * prefixes that the controller reserves. Source: nginx ngx_http_core_module.c, ngx_http_core_find_location.
 */
export function nginxOrder(entries: readonly RouteEntry[], ownPaths: readonly string[] = []): RouteIndex {
  const exact = new Map<string, RouteEntry>();
  const prefix = new Map<string, RouteEntry | OwnPath>();
  const patterns: RouteEntry[] = [];
  for (const entry of entries) {
    const { path } = entry.match;
    if (path.kind === "pattern") patterns.push(entry);
    else if (path.kind === "exact") addFirst(exact, path.path, entry);
    else if (path.kind === "prefix-char") addFirst(prefix, path.path, entry);
  }
  for (const path of ownPaths) addFirst(prefix, path, { kind: "own-path", path });
  const slashless = slashlessPaths(exact, prefix);
  const cuts = cutsOf([...prefix.keys()].map((path) => [path, 0]));
  return {
    find: ({ path }) => {
      const whole = exact.get(path) ?? slashless.get(path);
      if (whole !== undefined) return whole;
      const longest = longestPrefix(prefix, cuts, path);
      if (patterns.length === 0 || (longest?.kind === "route" && isFinal(longest))) return longest;
      return firstPattern(patterns, path) ?? longest;
    },
  };
}

/**
 * Paths that nginx redirects to themselves with a slash: those of proxied locations with a trailing slash. An
 * exact location wins over a prefix.
 *
 * Source: nginx ngx_http_proxy_module.c (auto_redirect), ngx_http_core_module.c
 * (ngx_http_core_find_static_location).
 */
function slashlessPaths(
  exact: ReadonlyMap<string, RouteEntry>,
  prefix: ReadonlyMap<string, RouteEntry | OwnPath>,
): ReadonlyMap<string, Slash> {
  const slashless = new Map<string, Slash>();
  for (const [path, entry] of [...exact, ...prefix]) {
    if (entry.kind !== "route" || path === "/" || !path.endsWith("/")) continue;
    const without = path.slice(0, -1);
    if (exact.has(without) || prefix.has(without)) continue;
    addFirst(slashless, without, { kind: "slash", route: entry.route });
  }
  return slashless;
}

function longestPrefix(
  prefixes: ReadonlyMap<string, RouteEntry | OwnPath>,
  cuts: readonly Cut[],
  path: string,
): RouteEntry | OwnPath | undefined {
  for (const cut of cuts) {
    const found = fits(cut, path) ? prefixes.get(path.slice(0, cut.length)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

function isFinal({ match: { path } }: RouteEntry): boolean {
  return path.kind === "prefix-char" && path.final === true;
}

function firstPattern(entries: readonly RouteEntry[], path: string): RouteFound | undefined {
  for (const entry of entries) {
    if (entry.match.path.kind !== "pattern") continue;
    const { pattern } = entry.match.path;
    const found = pattern.exec(path);
    if (found === "too-complex") return { kind: "too-complex", pattern };
    if (found !== null) return entry;
  }
  return undefined;
}

function addFirst<T>(map: Map<string, T>, key: string, value: T): void {
  if (!map.has(key)) map.set(key, value);
}
