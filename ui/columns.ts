/**
 * Shares columns among texts. Each gets what it needs if all fit; else the widest shrink first, down to the same width.
 * The sum is at most `available`.
 */
export function share(needs: readonly number[], available: number): readonly number[] {
  const room = Math.max(0, available);
  const total = needs.reduce((sum, need) => sum + need, 0);
  if (total <= room) return needs;
  let rest = room;
  const given = new Map<number, number>();
  const ascending = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need);
  ascending.forEach(({ need, index }, place) => {
    const width = Math.min(need, Math.floor(rest / (ascending.length - place)));
    given.set(index, width);
    rest -= width;
  });
  return needs.map((_, index) => given.get(index) ?? 0);
}
