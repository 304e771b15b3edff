/** As in Go's text/tabwriter, a column without trailing tab in a row ends there. */
type Row = readonly string[];

/** Code points, as Go counts them. */
function width(cell: string): number {
  return [...cell].length;
}

/** The block of rows from `start` on whose cell in this column is not their last. */
function endOfBlock(rows: readonly Row[], start: number, end: number, column: number): number {
  let row = start;
  while (row < end && column < (rows[row]?.length ?? 0) - 1) row++;
  return row;
}

function pad(rows: string[][], start: number, end: number, column: number, padding: number): void {
  let row = start;
  while (row < end) {
    const blockEnd = endOfBlock(rows, row, end, column);
    if (blockEnd === row) {
      row++;
      continue;
    }
    const block = rows.slice(row, blockEnd);
    const widest = block.reduce((most, cells) => Math.max(most, width(cells[column] ?? "")), 0);
    pad(rows, row, blockEnd, column + 1, padding);
    for (const cells of block) {
      const cell = cells[column] ?? "";
      cells[column] = cell + " ".repeat(widest - width(cell) + padding);
    }
    row = blockEnd;
  }
}

/**
 * Aligns tab-terminated cells as Go's text/tabwriter with kubectl's settings (minwidth 0, padding 2, blanks):
 * a column is a run of adjacent lines that have it. source: https://pkg.go.dev/text/tabwriter
 */
export function columns(lines: readonly string[]): readonly string[] {
  const rows = lines.map((line) => line.split("\t"));
  pad(rows, 0, rows.length, 0, 2);
  return rows.map((cells) => cells.join(""));
}
