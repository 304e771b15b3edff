import type { HitEvent, ProblemEvent } from "../src/model/event.ts";
import { textsOf } from "../src/model/reason.ts";
import { type DashboardState, type Mode, type RouteRow, routeKey } from "./dashboard-state.ts";
import { destination, duration } from "./hit.ts";
import { printable } from "./printable.ts";
import { problemLines } from "./problems.ts";
import { listItems, position } from "./select.ts";
import { wrapped } from "./width.ts";

export interface Detail {
  readonly title: string;
  readonly lines: readonly string[];
}

/** Explains one hit: decision, rule and its place, rejected routes, production. */
export type Explain = (hit: HitEvent) => readonly string[];

const HELP: Detail = {
  title: "Keys",
  lines: [
    "↑ ↓  j k        one line up or down",
    "PgUp PgDn       one screen (also Space; Ctrl-U and Ctrl-D half of one)",
    "g G  Home End   the first and the last; on the last hit, new ones are followed",
    "Tab Shift-Tab   next and previous pane",
    "Enter           why: the rule, the file and line, and what was passed over",
    "/               filter all panes: type, then Enter keeps it and Esc clears it",
    "Esc             back: closes this, clears the filter, lets go of the selection",
    "Ctrl-L          draw the screen anew",
    "Ctrl-Z          to the shell; fg comes back (nothing is served meanwhile)",
    "?               these lines",
    "q  Ctrl-C       quit; Ctrl-C again does not wait for open requests",
  ],
};

function ofHit(hit: HitEvent, explain: Explain): Detail {
  const where = destination(hit);
  const outcome =
    hit.decision === "respond" ? "answered here" : `${hit.decision}${where === "" ? "" : ` → ${where}`}`;
  const upstream = hit.upstream === undefined ? "" : ` (${hit.upstream}${hit.upstreamPath ?? ""})`;
  let reasons: readonly string[];
  try {
    reasons = explain(hit);
  } catch (error) {
    // The dashboard shows what is there; the reasons at the time of the hit came with it.
    reasons = [
      ...textsOf(hit.why),
      `(cannot be explained: ${error instanceof Error ? error.message : String(error)})`,
    ];
  }
  return {
    title: `${hit.method} ${hit.scheme}://${hit.host}${hit.path}`,
    lines: [
      `${hit.status} in ${duration(hit.durationMs)}, ${hit.bytes} bytes, ${outcome}${upstream}`,
      `at ${new Date(hit.time).toISOString()}, request id ${hit.id}${hit.controller === undefined ? "" : `, by ${hit.controller}`}`,
      ...(hit.error === undefined ? [] : [`error: ${hit.error}`]),
      "",
      ...reasons,
    ],
  };
}

function ofRoute(row: RouteRow, state: DashboardState): Detail {
  const count = state.counts.get(routeKey(state, row.controller, row.id));
  return {
    title: row.id,
    lines: [
      `${row.host}${row.path} ${row.pathType} → ${row.backend === "" ? "no Service" : row.backend}`,
      ...(row.controller === undefined ? [] : [`served by ${row.controller}`]),
      `upstream ${row.upstream}`,
      count === undefined ? "no hits yet" : `${count.hits} hits, last status ${count.status}`,
      "",
      ...row.why,
    ],
  };
}

function ofProblem(problem: ProblemEvent): Detail {
  return { title: problem.code, lines: problemLines(problem) };
}

/** The text of Enter for the selected line, every line `printable`; `undefined`: nothing is selected. */
export function detailOfSelection(state: DashboardState, explain: Explain): Detail | undefined {
  const { view } = state;
  const list = listItems(state, view);
  const keys = list.map((item) => item.key);
  const item = list[position(view, keys, state.cursors[view])];
  if (item === undefined) return undefined;
  const detail =
    item.view === "hits"
      ? ofHit(item.entry.hit, explain)
      : item.view === "routes"
        ? ofRoute(item.entry, state)
        : ofProblem(item.entry);
  const lines = detail.lines.flatMap((line) => line.split("\n"));
  return { title: printable(detail.title), lines: lines.map(printable) };
}

/** The text that is open, broken into lines of at most `columns`; `undefined`: the panes are shown. */
export function openDetail(mode: Mode, columns: number): Detail | undefined {
  if (mode.kind !== "help" && mode.kind !== "why") return undefined;
  const { title, lines } = mode.kind === "help" ? HELP : mode;
  return { title, lines: lines.flatMap((line) => wrapped(line, columns)) };
}
