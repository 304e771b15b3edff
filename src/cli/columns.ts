/** Columns that a row does not end with a tab in do not count for the rows below: so Go's text/tabwriter. */
type Row = readonly string[];

/** Characters as Go counts them: code points. */
function width(cell: string): number {
  return [...cell].length;
}

/** The rows from `start` on that have a cell of their own (not the last one) in a column. */
function endOfBlock(rows: readonly Row[], start: number, end: number, column: number): number {
  let row = start;
  while (row < end && column < (rows[row]?.length ?? 0) - 1) row++;
  return row;
}

/** Pads the cells of a column, and of those to its right, within the rows of one block. */
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
 * Lays out lines whose cells end in tabs as Go's text/tabwriter does with the settings of kubectl (minwidth 0, padding
 * 2, blanks): a column is a run of adjacent lines that have it. https://pkg.go.dev/text/tabwriter
 */
export function columns(lines: readonly string[]): readonly string[] {
  const rows = lines.map((line) => line.split("\t"));
  pad(rows, 0, rows.length, 0, 2);
  return rows.map((cells) => cells.join(""));
}
