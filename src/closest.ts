/** Edits (insert, delete, replace one character) that lead from one word to the other. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, char] of [...from].entries()) {
    const next = [i + 1];
    for (const [j, other] of [...to].entries()) {
      const replaced = (row[j] ?? 0) + (char === other ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}

/** Upper and lower case, `-` and `_` are what people mix up most: they do not count as a difference. */
function simplified(word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, "");
}

/**
 * The known word that somebody most likely meant by an unknown one, or `undefined` when none is near: at most two
 * edits away, and at most half of the word.
 */
export function closest(word: string, known: readonly string[]): string | undefined {
  const limit = Math.min(2, Math.floor(word.length / 2));
  const ranked = known
    .map((candidate) => ({ candidate, edits: distance(simplified(word), simplified(candidate)) }))
    .sort((a, b) => a.edits - b.edits);
  const best = ranked[0];
  return best !== undefined && best.edits <= limit ? best.candidate : undefined;
}
