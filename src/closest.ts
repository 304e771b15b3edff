/** Edit distance (insert, delete, replace); `Infinity` beyond `limit`. */
function distance(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) > limit) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 0; i < from.length; i++) {
    const next = [i + 1];
    let least = i + 1;
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (from[i] === to[j] ? 0 : 1);
      const edits = Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1);
      next.push(edits);
      if (edits < least) least = edits;
    }
    if (least > limit) return Number.POSITIVE_INFINITY;
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Ignores case, and takes `-` and `_` as equal: the most common slips. */
function simplified(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, "");
}

/**
 * The known word most likely meant: at most two edits away, and at most half of the word. `undefined` if none
 * is near.
 */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let limit = Math.min(2, Math.floor(word.length / 2));
  const written = simplified(word);
  let best: string | undefined;
  for (const candidate of known) {
    const edits = distance(written, simplified(candidate), limit);
    if (edits > limit || (best !== undefined && edits === limit)) continue;
    [best, limit] = [candidate, edits];
    if (edits === 0) break;
  }
  return best;
}
