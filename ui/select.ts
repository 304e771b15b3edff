import type { HitEvent, ProblemEvent } from "../src/model/event.ts";
import {
  type DashboardState,
  type ListCursor,
  type NumberedHit,
  type PaneName,
  problemKey,
  type RouteRow,
  routeKey,
} from "./dashboard-state.ts";
import { destination, rule, target } from "./hit.ts";
import { byLevel, place, sentence } from "./problems.ts";

/** One line of a list, with the key by which a cursor finds it again. */
export type ListItem =
  | { readonly view: "hits"; readonly key: string; readonly entry: NumberedHit }
  | { readonly view: "routes"; readonly key: string; readonly entry: RouteRow }
  | { readonly view: "problems"; readonly key: string; readonly entry: ProblemEvent };

function wordsOfHit(hit: HitEvent): string {
  const upstream = hit.upstream ?? "";
  return `${hit.controller ?? ""} ${hit.status} ${hit.method} ${target(hit)} ${destination(hit)} ${upstream} ${rule(hit)} ${hit.ingress ?? ""}`;
}

function wordsOfRoute(row: RouteRow): string {
  return `${row.controller ?? ""} ${row.host}${row.path} ${row.pathType} ${row.backend} ${row.upstream} ${row.id}`;
}

function wordsOfProblem(problem: ProblemEvent): string {
  return `${place(problem)} ${problem.level} ${problem.code} ${sentence(problem)}`;
}

/** The entries whose words contain the filter, in upper or lower case. */
function matching<T>(entries: readonly T[], filter: string, words: (entry: T) => string): readonly T[] {
  if (filter === "") return entries;
  const wanted = filter.toLowerCase();
  return entries.filter((entry) => words(entry).toLowerCase().includes(wanted));
}

/** Hits that pass the filter, oldest first. */
export function visibleHits(state: Pick<DashboardState, "hits" | "filter">): readonly NumberedHit[] {
  return matching(state.hits, state.filter, ({ hit }) => wordsOfHit(hit));
}

export function visibleRoutes(state: Pick<DashboardState, "routes" | "filter">): readonly RouteRow[] {
  return matching(state.routes, state.filter, wordsOfRoute);
}

export function visibleProblems(state: Pick<DashboardState, "problems" | "filter">): readonly ProblemEvent[] {
  return matching(byLevel([...state.problems.values()]), state.filter, wordsOfProblem);
}

export function listItems(state: DashboardState, view: PaneName): readonly ListItem[] {
  switch (view) {
    case "hits":
      return visibleHits(state).map((entry) => ({ view, key: String(entry.number), entry }));
    case "routes":
      return visibleRoutes(state).map((entry) => ({
        ...{ view, entry },
        key: routeKey(state, entry.controller, entry.id),
      }));
    case "problems":
      return visibleProblems(state).map((entry) => ({ view, key: problemKey(entry), entry }));
  }
}

/**
 * The place of a cursor in a list of keys; -1 in an empty list. If its line is gone it stays at its place. The places
 * of hits move as new ones come, so there it goes to the next one by number.
 */
export function position(view: PaneName, keys: readonly string[], cursor: ListCursor | undefined): number {
  if (cursor === undefined) return placeWithout(view, keys.length);
  const last = keys.length - 1;
  const found = keys.indexOf(cursor.key);
  if (found !== -1) return found;
  if (view !== "hits") return Math.min(cursor.index, last);
  const later = keys.findIndex((key) => Number(key) > Number(cursor.key));
  return later === -1 ? last : later;
}

/** The same in a list of entries, whose keys are made for a cursor only. */
export function placeIn<T>(
  view: PaneName,
  entries: readonly T[],
  key: (entry: T) => string,
  cursor: ListCursor | undefined,
): number {
  if (cursor === undefined) return placeWithout(view, entries.length);
  return position(view, entries.map(key), cursor);
}

function placeWithout(view: PaneName, length: number): number {
  return view === "hits" ? length - 1 : Math.min(0, length - 1);
}
