import type { HitEvent, ProblemEvent } from "../src/model/event.ts";
import {
  type Cursor,
  type DashboardState,
  type NumberedHit,
  problemKey,
  type RouteRow,
  type View,
} from "./dashboard-state.ts";
import { destination, rule, target } from "./hit.ts";
import { byLevel, place, sentence } from "./problems.ts";

/** One line of a list: what it shows, and the key by which a cursor finds it again. */
export type Item =
  | { readonly view: "hits"; readonly key: string; readonly entry: NumberedHit }
  | { readonly view: "routes"; readonly key: string; readonly entry: RouteRow }
  | { readonly view: "problems"; readonly key: string; readonly entry: ProblemEvent };

function wordsOfHit(hit: HitEvent): string {
  const upstream = hit.upstream ?? "";
  return `${hit.status} ${hit.method} ${target(hit)} ${destination(hit)} ${upstream} ${rule(hit)} ${hit.ingress ?? ""}`;
}

function wordsOfRoute(row: RouteRow): string {
  return `${row.host}${row.path} ${row.pathType} ${row.backend} ${row.upstream} ${row.id}`;
}

function wordsOfProblem(problem: ProblemEvent): string {
  return `${place(problem)} ${problem.level} ${problem.code} ${sentence(problem)}`;
}

/** The entries whose words hold the filter, whatever the case. */
function matching<T>(entries: readonly T[], filter: string, words: (entry: T) => string): readonly T[] {
  if (filter === "") return entries;
  const wanted = filter.toLowerCase();
  return entries.filter((entry) => words(entry).toLowerCase().includes(wanted));
}

/** The hits that the filter lets through, oldest first. */
export function visibleHits(state: Pick<DashboardState, "hits" | "filter">): readonly NumberedHit[] {
  return matching(state.hits, state.filter, ({ hit }) => wordsOfHit(hit));
}

/** The routes that the filter lets through, in the order of the table. */
export function visibleRoutes(state: Pick<DashboardState, "routes" | "filter">): readonly RouteRow[] {
  return matching(state.routes, state.filter, wordsOfRoute);
}

/** The problems that the filter lets through, errors first. */
export function visibleProblems(state: Pick<DashboardState, "problems" | "filter">): readonly ProblemEvent[] {
  return matching(byLevel([...state.problems.values()]), state.filter, wordsOfProblem);
}

/** The lines of a view as they are listed. */
export function items(state: DashboardState, view: View): readonly Item[] {
  switch (view) {
    case "hits":
      return visibleHits(state).map((entry) => ({ view, key: String(entry.number), entry }));
    case "routes":
      return visibleRoutes(state).map((entry) => ({ view, key: entry.id, entry }));
    case "problems":
      return visibleProblems(state).map((entry) => ({ view, key: problemKey(entry), entry }));
  }
}

/**
 * Where a cursor is in a list of keys now, -1 in an empty one. Where its line is gone it stays at its place; of hits, whose
 * places move as new ones come, it goes to the next one by number.
 */
export function position(view: View, keys: readonly string[], cursor: Cursor | undefined): number {
  const last = keys.length - 1;
  if (cursor === undefined) return view === "hits" ? last : Math.min(0, last);
  const found = keys.indexOf(cursor.key);
  if (found !== -1) return found;
  if (view !== "hits") return Math.min(cursor.index, last);
  const later = keys.findIndex((key) => Number(key) > Number(cursor.key));
  return later === -1 ? last : later;
}
