import type { PathMatch, RouteEntry, RouteFound, RouteIndex, RouteLookup } from "../model/route/selection.ts";
import { atOnce, type Steps } from "../steps.ts";
import { type Cut, cutsOf, fits } from "./prefixes.ts";

type OwnPath = Extract<RouteFound, { kind: "own-path" }>;
type Slash = Extract<RouteFound, { kind: "slash" }>;

/** A search over fewer entries is prepared by the first request, which takes less than a millisecond. */
const FEW = 1_000;

/**
 * nginx's search for a location: the exact one, else the first matching expression, else the longest prefix.
 * A `final` longest prefix excludes expressions. Of equal paths the first counts.
 *
 * Reads only "exact", "prefix-char" and "pattern", and no conditions: locations have none. `ownPaths` are
 * prefixes that the controller reserves. Source: nginx ngx_http_core_module.c, ngx_http_core_find_location.
 */
export function nginxOrder(entries: readonly RouteEntry[], ownPaths: readonly string[] = []): NginxOrder {
  return new NginxOrder(entries, ownPaths);
}

interface Locations {
  readonly exact: ReadonlyMap<string, RouteEntry>;
  readonly prefix: ReadonlyMap<string, RouteEntry | OwnPath>;
  readonly cuts: readonly Readonly<Cut>[];
  readonly slashless: ReadonlyMap<string, Slash> | undefined;
  readonly patterns: readonly RouteEntry[] | undefined;
}

/** One small object per host: there may be 100,000 hosts. */
class NginxOrder implements RouteIndex {
  readonly #entries: readonly RouteEntry[];
  readonly #ownPaths: readonly string[];
  #locations: Locations | undefined;

  constructor(entries: readonly RouteEntry[], ownPaths: readonly string[]) {
    this.#entries = entries;
    this.#ownPaths = ownPaths;
  }

  /** Spares the first request the work where there are many entries. */
  *prepare(): Steps<void> {
    if (this.#entries.length > FEW) this.#locations = yield* locationsOf(this.#entries, this.#ownPaths);
  }

  inOrder(): readonly RouteEntry[] {
    const of = (kind: PathMatch["kind"]) => this.#entries.filter(({ match }) => match.path.kind === kind);
    const prefixes = of("prefix-char").toSorted((a, b) => lengthOf(b) - lengthOf(a));
    return [...of("exact"), ...of("pattern"), ...prefixes];
  }

  find({ path: { path } }: Pick<RouteLookup, "path">): RouteFound | undefined {
    this.#locations ??= atOnce(locationsOf(this.#entries, this.#ownPaths));
    const { exact, prefix, cuts, slashless, patterns } = this.#locations;
    const whole = exact.get(path) ?? slashless?.get(path);
    if (whole !== undefined) return whole;
    const longest = longestPrefix(prefix, cuts, path);
    if (patterns === undefined || (longest?.kind === "route" && isFinal(longest))) return longest;
    return firstPattern(patterns, path) ?? longest;
  }
}

/** How many entries are looked at in a step. */
const AT_ONCE = 500;

function* locationsOf(entries: readonly RouteEntry[], ownPaths: readonly string[]): Steps<Locations> {
  const exact = new Map<string, RouteEntry>();
  const prefix = new Map<string, RouteEntry | OwnPath>();
  for (const [at, entry] of entries.entries()) {
    const { path } = entry.match;
    if (path.kind === "exact") addFirst(exact, path.path, entry);
    else if (path.kind === "prefix-char") addFirst(prefix, path.path, entry);
    if (at % AT_ONCE === AT_ONCE - 1) yield;
  }
  for (const path of ownPaths) addFirst(prefix, path, { kind: "own-path", path });
  const patterns = entries.filter(({ match }) => match.path.kind === "pattern");
  return {
    exact,
    prefix,
    cuts: cutsOf(prefix, () => 0),
    slashless: yield* slashlessPaths(exact, prefix),
    patterns: patterns.length === 0 ? undefined : patterns,
  };
}

function longestPrefix(
  prefix: Locations["prefix"],
  cuts: Locations["cuts"],
  path: string,
): RouteEntry | OwnPath | undefined {
  for (const cut of cuts) {
    const found = fits(cut, path) ? prefix.get(path.slice(0, cut.length)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * Paths that nginx redirects to themselves with a slash: those of proxied locations with a trailing slash. An
 * exact location wins over a prefix.
 *
 * Source: nginx ngx_http_proxy_module.c (auto_redirect), ngx_http_core_module.c
 * (ngx_http_core_find_static_location).
 */
function* slashlessPaths(
  exact: Locations["exact"],
  prefix: Locations["prefix"],
): Steps<Locations["slashless"]> {
  let slashless: Map<string, Slash> | undefined;
  let seen = 0;
  for (const locations of [exact, prefix])
    for (const [path, entry] of locations) {
      seen += 1;
      if (seen % AT_ONCE === 0) yield;
      if (entry.kind !== "route" || path === "/" || !path.endsWith("/")) continue;
      const without = path.slice(0, -1);
      if (exact.has(without) || prefix.has(without)) continue;
      slashless ??= new Map();
      addFirst(slashless, without, { kind: "slash", route: entry.route });
    }
  return slashless;
}

function lengthOf({ match: { path } }: RouteEntry): number {
  return path.kind === "any" ? 0 : path.path.length;
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
