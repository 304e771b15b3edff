/** A piece of a text, and what stands in its place. Offsets are those of the text before any edit. */
export interface Edit {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** In the order of the text. Insertions at one place keep their order. */
function inOrder(edits: readonly Edit[]): readonly Edit[] {
  return edits.toSorted((a, b) => a.from - b.from || a.to - b.to);
}

/** @throws Error if two edits overlap */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of inOrder(edits)) {
    if (edit.from < at) throw new Error(`two edits overlap at offset ${edit.from}`);
    parts.push(text.slice(at, edit.from), edit.text);
    at = edit.to;
  }
  parts.push(text.slice(at));
  return parts.join("");
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset of the next line end, or of the text's. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf("\n", offset);
  return end < 0 ? text.length : end;
}
