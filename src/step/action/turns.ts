import type { Share } from "../../model/route/action.ts";

/** How far a round over shares has come; the lists are in their order. */
export interface ShareTurns {
  /** Requests that each share took. */
  readonly counts: number[];
  /** The number of the request that it took last. */
  readonly last: number[];
  requests: number;
}

export function firstTurns(shares: readonly Share[]): ShareTurns {
  return { counts: shares.map(() => 0), last: shares.map(() => 0), requests: 0 };
}

/**
 * The share with the earliest deadline, where each request puts it off by 1/weight; of equal ones the share that has waited
 * longest: 3:1 is `a a b a`. Source: wrr.go of Traefik, edf_scheduler.h of Envoy. Which share begins is drawn there, and the first
 * of the heaviest here.
 */
export function shareInTurn(shares: readonly [Share, ...Share[]], turns: ShareTurns): Share {
  let next = 0;
  for (let at = 1; at < shares.length; at++) if (isEarlier(shares, turns, at, next)) next = at;
  turns.counts[next] = (turns.counts[next] ?? 0) + 1;
  turns.last[next] = ++turns.requests;
  return shares[next] ?? shares[0];
}

function isEarlier(
  shares: readonly Share[],
  { counts, last }: ShareTurns,
  one: number,
  other: number,
): boolean {
  const [weight = 0, otherWeight = 0] = [shares[one]?.weight, shares[other]?.weight];
  // A share without weight has no turn.
  if (weight <= 0 || otherWeight <= 0) return weight > 0;
  // The next deadlines, (count + 1) / weight, without division: thirds do not add up to one.
  const later = ((counts[one] ?? 0) + 1) * otherWeight - ((counts[other] ?? 0) + 1) * weight;
  return later < 0 || (later === 0 && (last[one] ?? 0) < (last[other] ?? 0));
}
