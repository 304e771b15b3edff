import type { ReactElement } from "react";
import type { DashboardState, PaneName } from "../dashboard-state.ts";
import { type Canvas, Lines, type Row } from "./line.tsx";
import { titleRow } from "./title.ts";

export function Pane(props: {
  name: string;
  note: string;
  right?: string;
  view: PaneName;
  focused: DashboardState["view"];
  lines: number;
  canvas: Canvas;
  rows: readonly Row[];
  /** Shown when there are no rows. */
  empty: readonly string[];
}): ReactElement {
  const { name, note, right, view, lines, canvas } = props;
  const focus = props.focused === view ? "here" : "elsewhere";
  const rows: readonly Row[] =
    props.rows.length === 0
      ? props.empty.map((text): Row => ({ spans: [{ text: ` ${text}`, weight: "dim" }] }))
      : props.rows.map(({ spans, selected }) => ({ spans, selected: selected && focus === "here" }));
  const title = titleRow({ name, note, right, focus, columns: canvas.columns });
  return <Lines rows={[title, ...rows]} lines={lines} canvas={canvas} />;
}
