import { type ReactElement, useMemo } from "react";
import type { HitEvent } from "../../src/model/event.ts";
import { share } from "../columns.ts";
import type { DashboardState } from "../dashboard-state.ts";
import { clock, destination, duration, rule, target } from "../hit.ts";
import { shown } from "../layout.ts";
import { printable } from "../printable.ts";
import { placeIn, visibleHits } from "../select.ts";
import { type Style, statusStyle } from "../style.ts";
import { columnsOf } from "../width.ts";
import type { Canvas, Span } from "./line.tsx";
import { Pane } from "./pane.tsx";

const ARROW = " → ";
const GAP = "  ";

/** The columns depend on the routes, never on the hits, so they stay in place while hits run through. */
interface Needs {
  /** Columns of host and path, Service, rule, upstream. */
  readonly columns: readonly [number, number, number, number];
  /** `default/` when every Service is of that namespace: then it is left out. */
  readonly namespace: string;
  /** Columns of the longest name of several controllers. */
  readonly controller: number;
}

/** Columns of each part, with its gap; 0: no room for it. */
interface Widths {
  readonly time: number;
  readonly duration: number;
  /** 0 where one is served. */
  readonly controller: number;
  readonly method: number;
  readonly target: number;
  readonly destination: number;
  readonly rule: number;
  readonly upstream: number;
}

function needs({
  routes,
  urls,
  controllers,
}: Pick<DashboardState, "routes" | "urls" | "controllers">): Needs {
  const namespaces = new Set(routes.flatMap((row) => row.backend.match(/^[^/]+\//)?.[0] ?? []));
  const namespace = namespaces.size === 1 ? ([...namespaces][0] ?? "") : "";
  const scheme = urls.some((url) => url.startsWith("https:")) ? "https://" : "";
  let [asked, backend, matched, upstream] = [20, 12, 8, 0];
  for (const row of routes) {
    asked = Math.max(asked, columnsOf(printable(scheme + row.host + row.path)));
    backend = Math.max(backend, columnsOf(printable(row.backend)) - namespace.length);
    matched = Math.max(matched, columnsOf(printable(`${row.path} ${row.pathType}`)));
    upstream = Math.max(upstream, columnsOf(printable(row.upstream)));
  }
  let controller = 0;
  if (controllers.length > 1)
    for (const each of controllers) controller = Math.max(controller, columnsOf(each.controller));
  return { columns: [asked, backend, matched, upstream], namespace, controller };
}

function widths(
  columns: number,
  { columns: [asked, backend, matched, upstream], controller: longest }: Needs,
): Widths {
  const time = columns >= 40 ? 9 : 0;
  const took = columns >= 60 ? 7 : 0;
  const method = columns >= 50 ? 8 : 0;
  const controller = columns >= 70 && longest > 0 ? longest + 1 : 0;
  // 2: a space at both edges. 4: the status and the space after it.
  const room = Math.max(0, columns - 2 - 4 - time - took - controller - method);
  const wanted = [
    asked,
    columns >= 40 ? backend + ARROW.length : 0,
    columns >= 70 ? matched + GAP.length : 0,
    columns >= 110 ? upstream + GAP.length : 0,
  ];
  const [, destinationWidth = 0, ruleWidth = 0, upstreamWidth = 0] = share(wanted, room);
  return {
    ...{
      time,
      duration: took,
      controller,
      method,
      destination: destinationWidth,
      rule: ruleWidth,
      upstream: upstreamWidth,
    },
    target: room - destinationWidth - ruleWidth - upstreamWidth,
  };
}

function part(before: string, text: string, columns: number, style: Style): Span {
  return columns === 0 ? { text: "" } : { ...style, text: before + text, columns };
}

/** The target and the rule; or the reason why there is no target. */
function outcome(hit: HitEvent, width: Widths, namespace: string): readonly Span[] {
  const dim: Style = { weight: "dim" };
  const where = destination(hit);
  const room = width.destination + width.rule + width.upstream;
  if (where === "") return [part(GAP, printable(hit.error ?? hit.why[0]?.text ?? ""), room, dim)];
  if (hit.decision === "redirect") return [part(ARROW, where, room, { colour: "cyan" })];
  const service = where.startsWith(namespace) ? where.slice(namespace.length) : where;
  const forward = [
    part("", ARROW, Math.min(ARROW.length, width.destination), dim),
    part("", service, Math.max(0, width.destination - ARROW.length), {}),
  ];
  if (hit.error !== undefined)
    return [...forward, part(GAP, printable(hit.error), width.upstream + width.rule, { colour: "red" })];
  return [
    ...forward,
    part(GAP, printable(hit.upstream ?? ""), width.upstream, dim),
    part(GAP, rule(hit), width.rule, dim),
  ];
}

function spansOf(hit: HitEvent, width: Widths, namespace: string): readonly Span[] {
  return [
    { text: " " },
    { text: clock(hit.time), columns: width.time, weight: "dim" },
    { text: String(hit.status), columns: 4, ...statusStyle(hit.status) },
    {
      text: width.duration === 0 ? "" : `${duration(hit.durationMs)} `,
      columns: width.duration,
      side: "right",
    },
    { text: printable(hit.controller ?? ""), columns: width.controller, weight: "dim" },
    { text: printable(hit.method), columns: width.method, weight: "bold" },
    { text: target(hit), columns: width.target },
    ...outcome(hit, width, namespace),
  ];
}

/** The text before the first hit. */
function invitation(state: DashboardState): readonly string[] {
  const url = state.urls[0];
  if (state.http === undefined || url === undefined) return ["no hits yet"];
  return [`no hits yet: curl ${url.startsWith("https:") ? "-k " : ""}${printable(url)}`];
}

export function Hits(props: { state: DashboardState; lines: number; canvas: Canvas }): ReactElement {
  const { state, lines, canvas } = props;
  const { routes, urls, controllers } = state;
  const need = useMemo(() => needs({ routes, urls, controllers }), [routes, urls, controllers]);
  const width = widths(canvas.columns, need);
  const entries = visibleHits(state);
  const selected = placeIn("hits", entries, ({ number }) => String(number), state.cursors.hits);
  const [from, to] = shown(entries.length, selected, lines - 1, "last");
  const total = state.filter === "" ? String(state.hitCount) : `${entries.length} of ${state.hits.length}`;
  const newer = entries.length - 1 - selected;
  const note = state.cursors.hits === undefined ? total : `${total}, ${newer} newer below (G follows)`;
  return (
    <Pane
      name="Hits"
      note={note}
      view="hits"
      focused={state.view}
      lines={lines}
      canvas={canvas}
      empty={state.hits.length === 0 ? invitation(state) : [`no hit has “${printable(state.filter)}” in it`]}
      rows={entries.slice(from, to).map((entry, index) => ({
        spans: spansOf(entry.hit, width, need.namespace),
        selected: from + index === selected,
      }))}
    />
  );
}
