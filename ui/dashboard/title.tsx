import type { ReactElement } from "react";
import { columnsOf } from "../width.ts";
import { type Canvas, Line } from "./line.tsx";

export function Title(props: {
  name: string;
  note: string;
  right?: string;
  focus: "here" | "elsewhere";
  canvas: Canvas;
}): ReactElement {
  const { name, note, focus, canvas } = props;
  const right = props.right ? ` ${props.right} ` : "";
  const middle = note === "" ? " " : ` ${note} `;
  const rule = canvas.columns - 3 - columnsOf(name) - columnsOf(middle) - columnsOf(right);
  const heading = focus === "here" ? ({ weight: "bold", colour: "cyan" } as const) : {};
  return (
    <Line
      canvas={canvas}
      spans={[
        { text: focus === "here" ? "━━ " : "── ", weight: "dim" },
        { text: name, ...heading },
        { text: middle, weight: "dim" },
        { text: (focus === "here" ? "━" : "─").repeat(Math.max(0, rule)), weight: "dim" },
        { text: right, weight: "dim" },
      ]}
    />
  );
}
