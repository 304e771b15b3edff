import { Transform } from "ink";
import type { ReactElement } from "react";
import { type Colour, type Style, styled } from "../style.ts";
import { columnsOf, cut, fitted } from "../width.ts";
import type { Paper } from "./paper.ts";

/** A part of a line. Its text is `printable`. */
export interface Span extends Style {
  readonly text: string;
  /** Cut and padded to exactly this width. default: as wide as the text */
  readonly columns?: number | undefined;
  readonly side?: "left" | "right" | undefined;
}

export interface Canvas {
  readonly columns: number;
  readonly colour: Colour;
  readonly paper: Paper;
}

/** The spans side by side, cut at the edge. A selected line is inverse over its whole width. */
function drawn(spans: readonly Span[], canvas: Canvas, selected: "selected" | "plain" = "plain"): string {
  let left = canvas.columns;
  let plain = "";
  let line = "";
  for (const span of spans) {
    const wanted = span.columns === undefined ? span.text : fitted(span.text, span.columns, span.side);
    const text = cut(wanted, left);
    left -= columnsOf(text);
    plain += text;
    line += styled(text, span, canvas.colour);
    if (left <= 0) break;
  }
  return selected === "selected"
    ? styled(fitted(plain, canvas.columns), { inverse: true }, canvas.colour)
    : line;
}

/** One line of the screen. ink gets its mark (see paper.ts) in place of the text. */
export function Line(props: { spans: readonly Span[]; canvas: Canvas; selected?: boolean }): ReactElement {
  const line = drawn(props.spans, props.canvas, props.selected ? "selected" : "plain");
  return <Transform transform={() => props.canvas.paper.put(line)}> </Transform>;
}

/** Empty lines, so that the following ones stay in place. */
export function Blank(props: { lines: number; canvas: Canvas }): ReactElement {
  return (
    <>
      {Array.from({ length: Math.max(0, props.lines) }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Line key={index} spans={[]} canvas={props.canvas} />
      ))}
    </>
  );
}
