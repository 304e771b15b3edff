import { printable } from "../../../ui/printable.ts";
import { type Colour, levelStyle, styled } from "../../../ui/style.ts";
import { columnsOf, cut } from "../../../ui/width.ts";
import type { ProblemLevel } from "../../model/problem.ts";
import type { Columns } from "../../yaml/columns.ts";

/** Of a source line that is shown. unit: columns of a terminal */
const WIDEST = 100;
/** Of these, before the caret in a longer line. */
const BEFORE = 40;
/** A longer piece is not looked at: a control character takes four columns. unit: UTF-16 units */
const LONGEST = 4 * WIDEST;

interface Marked {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  readonly columns: Columns | undefined;
  readonly level: ProblemLevel;
}

/** A line of a file with carets under the field, as compilers print it. None for a blank line. */
export function excerptLines({ line, text, columns, level }: Marked, colour: Colour): readonly string[] {
  if (text.trim() === "") return [];
  const start = startOfWindow(text, columns);
  const before = start === 0 ? "" : "…";
  const shown = cut(before + visible(text.slice(start, start + LONGEST)), WIDEST);
  const number = String(line).padStart(5);
  const quoted = `${number} | ${shown}`;
  if (columns === undefined) return [quoted];
  const [from, to] = [columns.from, Math.min(columns.to, columns.from + LONGEST)];
  const at = columnsOf(before + visible(text.slice(start, from)));
  const width = Math.min(columnsOf(visible(text.slice(from, to))), WIDEST - at);
  const carets = styled("^".repeat(Math.max(1, width)), levelStyle(level), colour);
  return [quoted, `${" ".repeat(number.length)} | ${" ".repeat(at)}${carets}`];
}

/** A tab is four columns wide. */
function visible(text: string): string {
  return printable(text.replaceAll("\t", "    "));
}

/** 0 where the carets fit. Half a character is never cut off. */
function startOfWindow(text: string, columns: Columns | undefined): number {
  if (columns === undefined) return 0;
  const isNear = columns.to <= LONGEST && columnsOf(visible(text.slice(0, columns.to))) <= WIDEST - 1;
  if (isNear) return 0;
  const start = Math.max(0, columns.from - BEFORE);
  const unit = text.charCodeAt(start);
  return unit >= 0xdc00 && unit <= 0xdfff ? start - 1 : start;
}
