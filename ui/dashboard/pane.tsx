import type { ReactElement } from "react";
import type { DashboardState, PaneName } from "../dashboard-state.ts";
import { Blank, type Canvas, Line, type Span } from "./line.tsx";
import { Title } from "./title.tsx";

export interface PaneRow {
  readonly key: string;
  readonly spans: readonly Span[];
  readonly selected: boolean;
}

export function Pane(props: {
  name: string;
  note: string;
  right?: string;
  view: PaneName;
  state: DashboardState;
  lines: number;
  canvas: Canvas;
  rows: readonly PaneRow[];
  /** Shown when there are no rows. */
  empty: readonly string[];
}): ReactElement | null {
  const { name, note, right, view, state, lines, canvas, rows } = props;
  if (lines <= 0) return null;
  const focus = state.view === view ? "here" : "elsewhere";
  const empty = (rows.length === 0 ? props.empty : []).slice(0, lines - 1);
  return (
    <>
      <Title name={name} note={note} right={right ?? ""} focus={focus} canvas={canvas} />
      {empty.map((text) => (
        <Line key={text} spans={[{ text: ` ${text}`, weight: "dim" }]} canvas={canvas} />
      ))}
      {rows.map((row) => (
        <Line key={row.key} spans={row.spans} selected={row.selected && focus === "here"} canvas={canvas} />
      ))}
      <Blank lines={lines - 1 - rows.length - empty.length} canvas={canvas} />
    </>
  );
}
