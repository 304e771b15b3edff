/** Asks each contestant in turn, so that a busy machine affects all of them; the best round of each counts. */
export async function bestInTurns<T>(
  contestants: readonly T[],
  rounds: number,
  measure: (contestant: T) => Promise<number>,
): Promise<ReadonlyMap<T, number>> {
  const best = new Map<T, number>();
  for (let round = 0; round < rounds; round++)
    for (const each of contestants)
      best.set(each, Math.min(best.get(each) ?? Number.POSITIVE_INFINITY, await measure(each)));
  return best;
}
