import type { NextUpstream, NextUpstreamCondition } from "../../model/route/transport.ts";

export interface TriesSoFar {
  readonly tries: number;
  /** Since the first try. unit: ms */
  readonly elapsedMs: number;
  /** `sent`: the last upstream may have seen it. */
  readonly sent: "sent" | "unsent";
  readonly idempotent: boolean;
  /** The whole body can be sent again. */
  readonly whole: boolean;
}

/** Without a limit (`proxy-next-upstream-tries: "0"`) nginx goes on until the client leaves; here it ends. */
const MOST_TRIES = 100;

/** The retry condition that a status meets. */
export function conditionOf(status: number): NextUpstreamCondition | undefined {
  return status < 400 ? undefined : `http_${status}`;
}

/**
 * True if another upstream is tried, or the same again if there is no other: ngx_http_upstream.c,
 * ngx_http_upstream_next and _test_next; tries counted as lua-nginx-module does for balancer.lua.
 */
export function triesAgain(
  next: NextUpstream | undefined,
  condition: NextUpstreamCondition,
  { tries, elapsedMs, sent, idempotent, whole }: TriesSoFar,
): boolean {
  if (next === undefined) return false;
  const isUnreached = condition === "error" && sent === "unsent" && next.conditions.has("unreached");
  if (!isUnreached && !next.conditions.has(condition)) return false;
  if (tries >= mostTries(next)) return false;
  if (next.timeoutMs > 0 && elapsedMs >= next.timeoutMs) return false;
  if (sent === "unsent") return true;
  return whole && (idempotent || next.conditions.has("non_idempotent"));
}

function mostTries({ tries }: NextUpstream): number {
  return tries === 0 || tries === "each-once" ? MOST_TRIES : tries;
}
