import type { ReactElement } from "react";
import type { DashboardState } from "../dashboard-state.ts";
import { printable } from "../printable.ts";
import { type Canvas, Lines, type Span } from "./line.tsx";

const KEYS = {
  list: [
    ["q", "quit"],
    ["?", "help"],
    ["Tab", "pane"],
    ["↑↓", "select"],
    ["Enter", "why"],
    ["/", "filter"],
  ],
  filtering: [
    ["Enter", "keep"],
    ["Esc", "clear"],
  ],
  text: [
    ["Esc", "back"],
    ["↑↓", "scroll"],
    ["q", "quit"],
  ],
} as const;

function hints(keys: readonly (readonly [string, string])[]): readonly Span[] {
  return keys.flatMap(([key, meaning]): Span[] => [
    { text: ` ${key}`, weight: "bold" },
    { text: ` ${meaning} `, weight: "dim" },
  ]);
}

function spansOf(state: DashboardState): readonly Span[] {
  const { mode, filter } = state;
  if (state.stopped !== undefined)
    return [{ text: ` stopping: ${printable(state.stopped)}`, weight: "bold", colour: "yellow" }];
  if (mode.kind === "filtering") {
    return [
      { text: " /", weight: "bold", colour: "cyan" },
      { text: printable(filter) },
      { text: " ", inverse: true },
      { text: " " },
      ...hints(KEYS.filtering),
    ];
  }
  if (mode.kind !== "list") return hints(KEYS.text);
  if (filter === "") return hints(KEYS.list);
  return [{ text: ` /${printable(filter)} `, colour: "cyan" }, ...hints([["Esc", "clear"], ...KEYS.list])];
}

/** The meaning of the keys; the filter while it is typed; the end. */
export function Footer(props: { state: DashboardState; lines: number; canvas: Canvas }): ReactElement | null {
  return <Lines rows={[{ spans: spansOf(props.state) }]} lines={props.lines} canvas={props.canvas} />;
}
