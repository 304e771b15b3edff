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

/** A line of the screen from left to right. */
export interface Row {
  readonly spans: readonly Span[];
  /** Inverse over its whole width. */
  readonly selected?: boolean | undefined;
}

/** The spans side by side, cut at the edge. */
function drawn({ spans, selected = false }: Row, { columns, colour }: Canvas): string {
  let left = columns;
  let line = "";
  for (const span of spans) {
    const fits = span.columns !== undefined && span.columns <= left;
    const wanted = span.columns === undefined ? span.text : fitted(span.text, span.columns, span.side);
    const text = fits ? wanted : cut(wanted, left);
    left -= fits ? span.columns : columnsOf(text);
    line += selected ? text : styled(text, span, colour);
    if (left <= 0) break;
  }
  return selected ? styled(fitted(line, columns), { inverse: true }, colour) : line;
}

/** Exactly `lines` lines of the screen; those without a row are empty. ink gets one mark for all (see paper.ts). */
export function Lines(props: { rows: readonly Row[]; lines: number; canvas: Canvas }): ReactElement | null {
  const { lines, canvas } = props;
  if (lines <= 0) return null;
  const text = Array.from({ length: lines }, (_, index) => {
    const row = props.rows[index];
    return row === undefined ? "" : drawn(row, canvas);
  }).join("\n");
  return <Transform transform={() => canvas.paper.put(text)}> </Transform>;
}
