/** Two lists without their equal beginnings and ends: most of a long list is the same objects as before. */
export function betweenEqualEnds<T>(
  before: readonly T[],
  now: readonly T[],
): { readonly before: readonly T[]; readonly now: readonly T[] } {
  const most = Math.min(before.length, now.length);
  let [start, end] = [0, 0];
  while (start < most && before[start] === now[start]) start += 1;
  while (end < most - start && before[before.length - 1 - end] === now[now.length - 1 - end]) end += 1;
  return { before: before.slice(start, before.length - end), now: now.slice(start, now.length - end) };
}
