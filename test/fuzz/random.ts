/** Choices that a seed decides. */
export interface Random {
  /** From 0 up to, not including, `end`. */
  readonly below: (end: number) => number;
  /** True so often in a hundred. */
  readonly percent: (share: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
}

/** Mulberry32: the same seed, the same choices. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000;
  };
  const below = (end: number) => Math.floor(next() * end);
  return {
    below,
    percent: (share) => next() * 100 < share,
    pick: (from) => {
      const one = from[below(from.length)];
      if (one === undefined) throw new Error("there is nothing to pick from");
      return one;
    },
  };
}
