import type { Share } from "../../model/route/action.ts";

/**
 * A random share by weight. The last share has the lowest numbers, so that a canary comes first
 * (balancer.lua: `math.random(total) <= weight`).
 * @param chance at least 0 and less than 1
 */
export function shareByWeight(shares: readonly [Share, ...Share[]], chance: number): Share {
  let rest = chance * sumOfWeights(shares);
  for (const share of shares.toReversed()) {
    if (rest < share.weight) return share;
    rest -= share.weight;
  }
  return shares[0];
}

export function sumOfWeights(shares: readonly Share[]): number {
  return shares.reduce((sum, { weight }) => sum + weight, 0);
}
