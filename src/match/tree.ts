import type { RequestFacts } from "../model/decision.ts";
import type {
  HostMatch,
  PathMatch,
  RouteEntry,
  RouteFound,
  RouteLookup,
  Selection,
  VirtualHost,
} from "../model/route/selection.ts";
import type { Route, RouteTable } from "../model/route.ts";
import { hostNameOf } from "../request/host.ts";
import { bytesAsText } from "../request/utf8.ts";
import { conditionHolds } from "../select/condition.ts";
import { findVirtualHost, isCovered } from "../select/host.ts";
import { coversPath } from "../select/path.ts";
import { planeFor, selectionFor } from "../select/table.ts";
import { missedInWords } from "./missed.ts";
import { type HostSearch, hostSearch, type Mark } from "./tree/host-search.ts";

/** The candidates of a request, as its controller orders them. */
export interface CandidateTree {
  readonly hosts: readonly HostSearch[];
  /** The host that was found, and those that are searched after it. */
  readonly levels: readonly HostLevel[];
}

interface HostLevel {
  /** `_`: every other host */
  readonly host: string;
  readonly candidates: readonly PathCandidate[];
}

export interface PathCandidate {
  readonly mark: Mark;
  /** As nginx writes a location: `= /p`, `/p/`, `~* ^/p`. */
  readonly location: string;
  readonly route: Route;
  /** Of one that is missed. */
  readonly why?: string | undefined;
}

/**
 * The search for a request's route. What is taken is found by the index that requests use. `early`: the request is answered
 * before any entry is looked for.
 */
export function candidateTree(
  table: RouteTable,
  facts: RequestFacts,
  early: "answered early" | "searched",
): CandidateTree {
  const path = planeFor(table, facts).readPath(facts.target);
  const name = hostNameOf(table, facts);
  const selection = selectionFor(table, facts);
  if (path === undefined) return { hosts: [], levels: [] };
  const hosts = hostSearch(selection, name);
  if (early === "answered early") return { hosts, levels: [] };
  const lookup = { request: facts, name, path };
  const first = findVirtualHost(selection, name);
  const levels: { readonly host: string; readonly candidates: PathCandidate[] }[] = [];
  let found: RouteFound | undefined;
  for (let host: VirtualHost | undefined = first; host !== undefined; host = host.next) {
    const here: RouteFound | undefined = found === undefined ? host.index.find(lookup) : undefined;
    const entries = host.index.inOrder().filter(({ match }) => isFor(match.hosts, name, selection));
    const state = found === undefined ? (here ?? "nothing") : "found before";
    levels.push({ host: host.name, candidates: candidatesOf(entries, state, lookup, selection) });
    found ??= here;
  }
  if (!first.entries.includes(first.miss)) {
    const mark = found === undefined ? "taken" : "later";
    levels.at(-1)?.candidates.push({ ...shown(first.miss, facts), mark });
  }
  return { hosts, levels };
}

type Found = RouteFound | "nothing" | "found before";

function candidatesOf(
  entries: readonly RouteEntry[],
  found: Found,
  lookup: RouteLookup,
  selection: Selection,
): PathCandidate[] {
  const at = typeof found === "string" ? -1 : entries.findIndex((entry) => isTaken(entry, found, lookup));
  const last = found === "found before" ? -1 : at === -1 ? entries.length : at;
  return entries.map((entry, index) => {
    const line = shown(entry, lookup.request);
    if (index === at) return { ...line, mark: "taken" };
    const why = index > last ? undefined : whyNot(entry, lookup, selection);
    return why === undefined ? { ...line, mark: "later" } : { ...line, mark: "missed", why };
  });
}

/** nginx redirects to the slash of a location that ends in one. */
function isTaken(entry: RouteEntry, found: RouteFound, { path }: RouteLookup): boolean {
  if (found.kind === "one-of") return found.entries[0] === entry;
  if (found.kind !== "slash") return found === entry;
  const { path: own } = entry.match;
  const isSlashed = own.kind === "exact" || own.kind === "prefix-char";
  return isSlashed && entry.route === found.route && own.path === `${path.path}/`;
}

/** In a list over all hosts, only the entries for this host. */
function isFor(hosts: readonly HostMatch[] | undefined, name: string, selection: Selection): boolean {
  return hosts === undefined || hosts.some((host) => isCovered(name, host, starOf(selection)));
}

function starOf(selection: Selection) {
  return selection.kind === "list" ? "some" : selection.hosts.star;
}

/** `undefined` for one that would match, and was not asked. */
function whyNot({ match }: RouteEntry, lookup: RouteLookup, selection: Selection): string | undefined {
  const { path } = lookup.path;
  const covers = coversPath(match.path, path);
  if (covers === "too-complex") return "the expression backtracks too much on this path";
  if (!covers) return missedInWords(match.path, bytesAsText(path));
  const { when } = match;
  return when === undefined || conditionHolds(when, lookup, starOf(selection))
    ? undefined
    : "a condition beside the path does not hold";
}

function shown({ match, route, locally }: RouteEntry, { exact }: Pick<RequestFacts, "exact">) {
  return { location: locationInWords(match.path), route: exact ? route : (locally?.route ?? route) };
}

function locationInWords(match: PathMatch): string {
  if (match.kind === "any") return "any path";
  if (match.kind === "pattern") return `~* ${match.pattern.source.replace(/^\^?/, "^")}`;
  const path = bytesAsText(match.path);
  if (match.kind === "exact") return `= ${path}`;
  return match.final ? `^~ ${path}` : path;
}
