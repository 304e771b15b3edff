import { type ReactElement, useMemo } from "react";
import type { ReloadEvent } from "../../src/model/event.ts";
import { share } from "../columns.ts";
import { type DashboardState, type RouteRow, routeKey } from "../dashboard-state.ts";
import { duration } from "../hit.ts";
import { shown } from "../layout.ts";
import { printable } from "../printable.ts";
import { placeIn, visibleRoutes } from "../select.ts";
import { statusStyle } from "../style.ts";
import { columnsOf } from "../width.ts";
import type { Canvas, Span } from "./line.tsx";
import { Pane } from "./pane.tsx";

const HITS = 7;
const STATUS = 5;
const ARROW = " → ";

/** The columns whose width follows from the routes. */
function cells(row: RouteRow): readonly [string, string, string, string, string] {
  return [
    row.controller === undefined ? "" : printable(`${row.controller} `),
    printable(row.host + row.path),
    printable(row.pathType),
    printable(row.backend === "" ? "no Service" : row.backend),
    printable(row.upstream),
  ];
}

/** Widths over all routes, not only those on the screen: columns stay in place while one scrolls. */
function widths(rows: readonly RouteRow[]): readonly number[] {
  const most = [0, 0, 0, 0, 0];
  for (const row of rows)
    for (const [index, text] of cells(row).entries())
      most[index] = Math.max(most[index] ?? 0, columnsOf(text));
  return most;
}

function spansOf(row: RouteRow, given: readonly number[], state: DashboardState): readonly Span[] {
  const [controller, target, pathType, backend, upstream] = cells(row);
  const count = state.counts.get(routeKey(state, row.controller, row.id));
  const down = state.upstreams.get(row.upstream)?.state === "down";
  return [
    { text: " " },
    { text: controller, columns: given[0], weight: "dim" },
    { text: target, columns: given[1] },
    { text: " " },
    { text: pathType, columns: given[2], weight: "dim" },
    { text: ARROW, weight: "dim" },
    { text: backend, columns: given[3] },
    { text: " " },
    { text: upstream, columns: given[4], ...(down ? { colour: "red" } : { weight: "dim" }) },
    {
      text: count === undefined ? "·" : String(count.hits),
      columns: HITS,
      side: "right",
      weight: count ? undefined : "dim",
    },
    {
      text: count === undefined ? "·" : String(count.status),
      columns: STATUS,
      side: "right",
      ...(count === undefined ? { weight: "dim" } : statusStyle(count.status)),
    },
  ];
}

function changes({ added, removed }: ReloadEvent): string {
  return added.length + removed.length === 0 ? "no route changed" : `+${added.length} -${removed.length}`;
}

export function Routes(props: { state: DashboardState; lines: number; canvas: Canvas }): ReactElement {
  const { state, lines, canvas } = props;
  const { routes, filter } = state;
  const rows = useMemo(() => visibleRoutes({ routes, filter }), [routes, filter]);
  const needs = useMemo(() => widths(routes), [routes]);
  const room = canvas.columns - 3 - ARROW.length - HITS - STATUS - 1;
  const given = share(needs, room);
  // Spare columns go between the upstream and the counts, so that these end at the edge.
  const spare = Math.max(0, room - given.reduce((sum, width) => sum + width, 0));
  const padded = given.with(-1, (given.at(-1) ?? 0) + spare);
  const key = ({ controller, id }: RouteRow) => routeKey(state, controller, id);
  const selected = placeIn("routes", rows, key, state.cursors.routes);
  const [from, to] = shown(rows.length, selected, lines - 1, "first");
  const changed = state.reload && `, reloaded in ${duration(state.reload.ms)}: ${changes(state.reload)}`;
  const total = filter === "" ? String(routes.length) : `${rows.length} of ${routes.length}`;
  const empty =
    routes.length === 0
      ? "no routes: there is no Ingress to serve"
      : `no route has “${printable(filter)}” in it`;
  return (
    <Pane
      name="Routes"
      note={total + (changed ?? "")}
      right="hits last"
      view="routes"
      focused={state.view}
      lines={lines}
      canvas={canvas}
      empty={[empty]}
      rows={rows.slice(from, to).map((row, index) => ({
        spans: spansOf(row, padded, state),
        selected: from + index === selected,
      }))}
    />
  );
}
