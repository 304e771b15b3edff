import type { NextUpstream, NextUpstreamCondition } from "../../model/transport.ts";

/** How far a request has come with the upstreams that it was sent to. */
export interface TriesSoFar {
  /** Tries so far. */
  readonly tries: number;
  /** Since the first of them, in ms. */
  readonly elapsedMs: number;
  /** Whether the last upstream may have seen it. */
  readonly sent: "sent" | "unsent";
  readonly idempotent: boolean;
  /** Whether all of its body can be sent once more. */
  readonly whole: boolean;
}

/** Where there is no limit (`proxy-next-upstream-tries: "0"`) nginx goes on until the client leaves; here it ends. */
const MOST_TRIES = 100;

/** What a status is called among the conditions. */
const STATUSES: ReadonlyMap<number, NextUpstreamCondition> = new Map([
  [403, "http_403"],
  [404, "http_404"],
  [429, "http_429"],
  [500, "http_500"],
  [502, "http_502"],
  [503, "http_503"],
  [504, "http_504"],
]);

/** The condition that a backend's status meets, if there is one for it. */
export function conditionOf(status: number): NextUpstreamCondition | undefined {
  return STATUSES.get(status);
}

/**
 * Whether a request is sent to another upstream, or to the same once more where there is no other: ngx_http_upstream.c,
 * ngx_http_upstream_next and _test_next; the number of tries as lua-nginx-module counts them for balancer.lua.
 */
export function triesAgain(
  next: NextUpstream | undefined,
  condition: NextUpstreamCondition,
  { tries, elapsedMs, sent, idempotent, whole }: TriesSoFar,
): boolean {
  if (next === undefined || !next.conditions.has(condition)) return false;
  if (tries >= mostTries(next)) return false;
  if (next.timeoutMs > 0 && elapsedMs >= next.timeoutMs) return false;
  if (sent === "unsent") return true;
  return whole && (idempotent || next.conditions.has("non_idempotent"));
}

function mostTries({ tries }: NextUpstream): number {
  return tries === 0 || tries === "each-once" ? MOST_TRIES : tries;
}
