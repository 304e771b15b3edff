export interface Paper {
  /** Stores lines and returns the mark that stands for them. */
  put(lines: string): string;
  /** Replaces the marks of ink's frame by their lines, and forgets those. */
  take(marks: string): string;
}

/** The width of ink's own screen: as many columns as a mark can take. */
export const PAPER_COLUMNS = 8;

/**
 * Lets ink lay out marks, one for each part of the screen, in place of its lines.
 *
 * ink splits every line of every frame into its characters and joins them again, on the thread of the proxy. That takes
 * 35 ms for 200 columns and 60 lines, 270 ms for 500 and 200; with a mark for each line still as long as all else. It
 * also keeps every text that it ever measured. Our lines already have the full width; a mark says where they go.
 */
export function createPaper(): Paper {
  let parts: string[] = [];
  return {
    put: (lines) => String(parts.push(lines) - 1),
    take(marks) {
      const frame = marks.split("\n").map((mark) => (mark === "" ? "" : (parts[Number(mark)] ?? "")));
      parts = [];
      return frame.join("\n");
    },
  };
}
