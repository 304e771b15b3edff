import type { PaneName } from "./dashboard-state.ts";

/** Lines of each part of the screen; 0: left out. A pane's lines include its title. The sum is the screen's. */
export interface Layout {
  readonly header: number;
  readonly routes: number;
  readonly hits: number;
  readonly problems: number;
  readonly footer: number;
}

/** The lines that each list and the header could fill. */
export interface Extent {
  readonly header: number;
  readonly routes: number;
  readonly problems: number;
  readonly view: PaneName;
}

/** A lower screen shows only the pane that has the keys. */
const ROWS_FOR_PANES = 14;

const LEAST = 3;

function header(rows: number, wanted: number): number {
  if (rows >= ROWS_FOR_PANES) return wanted;
  return rows >= 6 ? Math.min(wanted, 2) : rows >= 4 ? 1 : 0;
}

/**
 * Shares out the lines of the screen. Depends on its size, the pane with the keys and what a reload changes. Never on
 * the hits: nothing moves while they run through.
 */
export function layout(rows: number, extent: Extent): Layout {
  const top = header(rows, extent.header);
  const footer = rows >= 2 ? 1 : 0;
  const body = Math.max(0, rows - top - footer);
  const only = { header: top, routes: 0, hits: 0, problems: 0, footer };
  if (rows < ROWS_FOR_PANES) return { ...only, [extent.view]: body };
  const wanted = (lines: number) => Math.max(lines, 1) + 1;
  const unfocused = (lines: number, part: number) =>
    Math.min(wanted(lines), Math.max(LEAST, Math.floor(body * part)));
  const hidden = extent.problems === 0 && extent.view !== "problems";
  let routes = unfocused(extent.routes, 0.4);
  let problems = hidden ? 0 : unfocused(extent.problems, 0.25);
  if (extent.view === "routes") routes = Math.min(wanted(extent.routes), body - LEAST - problems);
  if (extent.view === "problems") problems = Math.min(wanted(extent.problems), body - LEAST - routes);
  return { ...only, routes, problems, hits: body - routes - problems };
}

/** The part of a list on a screen of `height` lines that has the selected line in it: `[from, to)`. */
export function shown(
  length: number,
  selected: number,
  height: number,
  end: "first" | "last",
): [number, number] {
  if (height <= 0) return [0, 0];
  if (end === "last") {
    const to = Math.min(length, Math.max(selected + 1 + Math.floor((height - 1) / 2), height));
    return [Math.max(0, to - height), to];
  }
  const from = Math.max(0, Math.min(selected - Math.floor(height / 2), length - height));
  return [from, Math.min(length, from + height)];
}
