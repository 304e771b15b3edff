import type { ClusterLimits } from "./limits.ts";

/** The end of a pause: an answer of the API server to another request, or the time alone. */
type Awaited = "answer" | "time";

/** Holds requests back after a failure, for all kinds of one cluster together. */
export interface Backoff {
  /**
   * Waits before the next try: 1 s, doubled after each further failure, at most 30 s. Chance takes up to half off.
   * Never less than `leastMs`. Rejects when the signal aborts.
   */
  readonly pause: (failures: number, leastMs: number, awaited: Awaited, signal: AbortSignal) => Promise<void>;
  /** The API server answers: ends the pauses that wait for that. */
  readonly answered: () => void;
}

/** `wakers` can end the sleep early. */
function sleep(ms: number, signal: AbortSignal, wakers?: Set<() => void>): Promise<"slept" | "woken"> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const end = () => {
      clearTimeout(timer);
      wakers?.delete(wake);
      signal.removeEventListener("abort", abort);
    };
    const wake = () => {
      end();
      resolve("woken");
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      end();
      resolve("slept");
    }, ms);
    wakers?.add(wake);
    signal.addEventListener("abort", abort, { once: true });
  });
}

/** `random` is at least 0 and less than 1. */
export function createBackoff(limits: ClusterLimits, random: () => number): Backoff {
  const wakers = new Set<() => void>();
  let lastAt = Number.NEGATIVE_INFINITY;

  /** Requests of the same moment go one after the other. */
  async function takeTurn(signal: AbortSignal): Promise<void> {
    for (;;) {
      const left = lastAt + limits.spacingMs - performance.now();
      if (left <= 0) break;
      await sleep(left, signal);
    }
    lastAt = performance.now();
  }

  return {
    pause: async (failures, leastMs, awaited, signal) => {
      const { firstPauseMs, longestPauseMs } = limits;
      const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures, 20));
      const ms = Math.max(firstPauseMs, leastMs, longest * (1 - random() / 2));
      const how = await sleep(ms, signal, awaited === "answer" ? wakers : undefined);
      if (how === "slept") await takeTurn(signal);
    },
    answered: () => {
      for (const wake of [...wakers]) wake();
    },
  };
}
