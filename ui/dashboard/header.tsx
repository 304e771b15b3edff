import type { ReactElement } from "react";
import type { ShownController } from "../../src/model/event.ts";
import type { DashboardState } from "../dashboard-state.ts";
import { printable } from "../printable.ts";
import { problemCount } from "../problems.ts";
import { clusterSentence } from "../text.ts";
import { columnsOf } from "../width.ts";
import { type Canvas, Lines, type Span } from "./line.tsx";

const GAP: Span = { text: "  " };

function apart(left: readonly Span[], right: readonly Span[], columns: number): readonly Span[] {
  const width = (spans: readonly Span[]) => spans.reduce((sum, span) => sum + columnsOf(span.text), 0);
  const space = columns - width(left) - width(right) - 1;
  return space < 1 ? [...left, GAP, ...right] : [...left, { text: " ".repeat(space) }, ...right];
}

function titleSpans(state: DashboardState, columns: number): readonly Span[] {
  const name: Span = { text: " ingress-dev", weight: "bold" };
  if (state.http === undefined) return [name, GAP, { text: "starting …", weight: "dim" }];
  return apart(
    [name, GAP, { text: printable(state.source) }],
    [{ text: printable(state.controller), weight: "dim" }],
    columns,
  );
}

function countSpans(state: DashboardState, columns: number): readonly Span[] {
  if (state.http === undefined || state.https === undefined) return [];
  const down = [...state.upstreams.values()].filter((event) => event.state === "down").length;
  const { routes, problems } = state;
  const worst = [...problems.values()].some((problem) => problem.level === "error") ? "red" : "yellow";
  const left: readonly Span[] = [
    ...(state.controllers.length > 1
      ? state.controllers.flatMap(controllerSpans)
      : listenerSpans({ http: state.http, https: state.https })),
    ...state.streams.flatMap(({ protocol, port }): readonly Span[] => [
      { text: `  ${protocol} `, weight: "dim" },
      { text: String(port) },
    ]),
  ];
  const right: readonly Span[] = [
    { text: `${routes.length} route${routes.length === 1 ? "" : "s"}  ` },
    { text: problemCount([...problems.values()]), colour: problems.size === 0 ? undefined : worst },
    { text: down === 0 ? "" : `  ${down} upstream${down === 1 ? "" : "s"} down`, colour: "red" },
  ];
  return apart(left, right, columns);
}

function listenerSpans({ http, https }: Pick<ShownController, "http" | "https">): readonly Span[] {
  return [
    { text: " http ", weight: "dim" },
    { text: printable(`${http.address}:${http.port}`) },
    { text: "  https ", weight: "dim" },
    { text: printable(`${https.address}:${https.port}`) },
  ];
}

/** `contour 31001/32001`; its hosts are in the URLs below. */
function controllerSpans({ controller, http, https }: ShownController, at: number): readonly Span[] {
  return [
    { text: `${at === 0 ? " " : "  "}${printable(controller)} `, weight: "dim" },
    { text: `${http.port}/${https.port}` },
  ];
}

/** As many whole URLs as fit, and the number of the others. */
function urlSpans(urls: readonly string[], columns: number): readonly Span[] {
  const spans: Span[] = [];
  let left = columns - 6;
  for (const [index, url] of urls.map(printable).entries()) {
    left -= columnsOf(url) + 2;
    if (left < 0 && index > 0) return [...spans, { text: `  +${urls.length - index}`, weight: "dim" }];
    spans.push({ text: index === 0 ? " " : "  " }, { text: url, colour: "cyan" });
  }
  return spans;
}

/** An unreachable cluster replaces the URLs: everything below is as it was last read. */
function troubleSpans({ cluster }: DashboardState): readonly Span[] | undefined {
  if (cluster === undefined || cluster.state === "connected" || cluster.state === "connecting")
    return undefined;
  return [{ text: " " }, { text: clusterSentence(cluster), colour: "red" }];
}

export function Header(props: { state: DashboardState; lines: number; canvas: Canvas }): ReactElement | null {
  const { state, lines, canvas } = props;
  const rows = [
    titleSpans(state, canvas.columns),
    countSpans(state, canvas.columns),
    troubleSpans(state) ?? urlSpans(state.urls, canvas.columns),
  ];
  return <Lines rows={rows.map((spans) => ({ spans }))} lines={lines} canvas={canvas} />;
}
