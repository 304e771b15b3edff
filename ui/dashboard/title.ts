import { columnsOf } from "../width.ts";
import type { Row } from "./line.tsx";

/** The line above a pane. */
export function titleRow(title: {
  readonly name: string;
  readonly note: string;
  readonly right?: string | undefined;
  readonly focus: "here" | "elsewhere";
  readonly columns: number;
}): Row {
  const { name, note, focus } = title;
  const right = title.right ? ` ${title.right} ` : "";
  const middle = note === "" ? " " : ` ${note} `;
  const rule = title.columns - 3 - columnsOf(name) - columnsOf(middle) - columnsOf(right);
  const heading = focus === "here" ? ({ weight: "bold", colour: "cyan" } as const) : {};
  return {
    spans: [
      { text: focus === "here" ? "━━ " : "── ", weight: "dim" },
      { text: name, ...heading },
      { text: middle, weight: "dim" },
      { text: (focus === "here" ? "━" : "─").repeat(Math.max(0, rule)), weight: "dim" },
      { text: right, weight: "dim" },
    ],
  };
}
