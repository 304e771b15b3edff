import type { RouteEntry, RouteFound, RouteIndex, RouteLookup } from "../model/route/selection.ts";
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
  return new NginxOrder(entries, ownPaths);
}

/** One small object per host: there may be 100,000 hosts. */
class NginxOrder implements RouteIndex {
  readonly #exact = new Map<string, RouteEntry>();
  readonly #prefix = new Map<string, RouteEntry | OwnPath>();
  readonly #cuts: readonly Readonly<Cut>[];
  readonly #slashless: ReadonlyMap<string, Slash> | undefined;
  readonly #patterns: readonly RouteEntry[] | undefined;

  constructor(entries: readonly RouteEntry[], ownPaths: readonly string[]) {
    for (const entry of entries) {
      const { path } = entry.match;
      if (path.kind === "exact") addFirst(this.#exact, path.path, entry);
      else if (path.kind === "prefix-char") addFirst(this.#prefix, path.path, entry);
    }
    for (const path of ownPaths) addFirst(this.#prefix, path, { kind: "own-path", path });
    this.#cuts = cutsOf(this.#prefix, () => 0);
    this.#slashless = slashlessPaths(this.#exact, this.#prefix);
    const patterns = entries.filter(({ match }) => match.path.kind === "pattern");
    this.#patterns = patterns.length === 0 ? undefined : patterns;
  }

  find({ path: { path } }: Pick<RouteLookup, "path">): RouteFound | undefined {
    const whole = this.#exact.get(path) ?? this.#slashless?.get(path);
    if (whole !== undefined) return whole;
    const longest = this.#longestPrefix(path);
    if (this.#patterns === undefined || (longest?.kind === "route" && isFinal(longest))) return longest;
    return firstPattern(this.#patterns, path) ?? longest;
  }

  #longestPrefix(path: string): RouteEntry | OwnPath | undefined {
    for (const cut of this.#cuts) {
      const found = fits(cut, path) ? this.#prefix.get(path.slice(0, cut.length)) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  }
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
): ReadonlyMap<string, Slash> | undefined {
  let slashless: Map<string, Slash> | undefined;
  for (const locations of [exact, prefix])
    for (const [path, entry] of locations) {
      if (entry.kind !== "route" || path === "/" || !path.endsWith("/")) continue;
      const without = path.slice(0, -1);
      if (exact.has(without) || prefix.has(without)) continue;
      slashless ??= new Map();
      addFirst(slashless, without, { kind: "slash", route: entry.route });
    }
  return slashless;
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
