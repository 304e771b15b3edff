import type { PlainReader } from "./plain-yaml.ts";

/**
 * Where the plain reader stopped. What is before it holds no mistake, so the collections that are open there are enough
 * to read on: `opening` opens the same ones at the same columns.
 */
export interface Excerpt {
  readonly opening: string;
  /** Offset in the document of what follows `opening`. */
  readonly from: number;
  /** Offset of the line that stopped the reader. */
  readonly stop: number;
}

/** From the entry on that was being read in the innermost collection. */
export function excerptAt(reader: PlainReader, text: string): Excerpt {
  const { open, flow } = reader;
  const stop = offsetOf(text, reader.row);
  const inner = flow?.open.at(-1);
  if (flow === undefined || inner === undefined) {
    const row = open.at(-1)?.row ?? 0;
    const opening = blocksAbove(open.filter((block) => block.row < row));
    return { opening, from: offsetOf(text, row), stop };
  }
  const outer = flow.open.map(({ kind }) => (kind === "map" ? "{k: " : "["));
  const opening = `${blocksAbove(open).trimEnd()} ${outer.slice(0, -1).join("")}${inner.kind === "map" ? "{" : "["}`;
  return { opening, from: offsetOf(text, inner.row) + inner.col, stop: Math.max(stop, 0) + flow.col };
}

function blocksAbove(open: PlainReader["open"]): string {
  return open.map(({ kind, col }) => `${" ".repeat(col)}${kind === "map" ? "k:" : "-"}\n`).join("");
}

/** The offset of a line, or of the end. */
function offsetOf(text: string, row: number): number {
  let offset = 0;
  for (let at = 0; at < row; at++) {
    const end = text.indexOf("\n", offset);
    if (end < 0) return text.length;
    offset = end + 1;
  }
  return offset;
}
