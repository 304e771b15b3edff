import { Transform } from "ink";
import type { ReactElement } from "react";
import { type Colour, type Style, styled } from "../style.ts";
import { columnsOf, cut, filled } from "../width.ts";
import type { Paper } from "./paper.ts";

/** A piece of a line. Its text is `printable`. */
export interface Span extends Style {
  readonly text: string;
  /** Cut and filled up to exactly this width; as wide as the text where there is none. */
  readonly columns?: number | undefined;
  readonly side?: "left" | "right" | undefined;
}

/** What every component needs to know to draw. */
export interface Canvas {
  readonly columns: number;
  readonly colour: Colour;
  readonly paper: Paper;
}

/** The line itself: the spans side by side, cut at the edge. A selected one is inverse over its whole width. */
export function lineOf(
  spans: readonly Span[],
  canvas: Canvas,
  selected: "selected" | "plain" = "plain",
): string {
  let left = canvas.columns;
  let plain = "";
  let line = "";
  for (const span of spans) {
    const wanted = span.columns === undefined ? span.text : filled(span.text, span.columns, span.side);
    const text = cut(wanted, left);
    left -= columnsOf(text);
    plain += text;
    line += styled(text, span, canvas.colour);
    if (left <= 0) break;
  }
  return selected === "selected"
    ? styled(filled(plain, canvas.columns), { inverse: true }, canvas.colour)
    : line;
}

/** One line of the screen. ink is shown its mark (see paper.ts): the text below is only there to be one. */
export function Row(props: { spans: readonly Span[]; canvas: Canvas; selected?: boolean }): ReactElement {
  const line = lineOf(props.spans, props.canvas, props.selected ? "selected" : "plain");
  return <Transform transform={() => props.canvas.paper.put(line)}> </Transform>;
}

/** Lines of nothing, so that what follows stays in its place. */
export function Blank(props: { lines: number; canvas: Canvas }): ReactElement {
  return (
    <>
      {Array.from({ length: Math.max(0, props.lines) }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Row key={index} spans={[]} canvas={props.canvas} />
      ))}
    </>
  );
}
