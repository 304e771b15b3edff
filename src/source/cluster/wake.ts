/** What tells how much time has passed: one clock that stops while the computer sleeps, and one that does not. */
export interface Clocks {
  /** ms, as `performance.now()`. */
  readonly monotonic: () => number;
  /** ms since the epoch, as `Date.now()`. */
  readonly wall: () => number;
}

/** Both clocks of the system. */
export const SYSTEM_CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Calls back when the computer was asleep for longer than two ticks: connections from before are not to be trusted, and say
 * nothing of it. Returns the function that ends it.
 */
export function onWake(tickMs: number, clocks: Clocks, callback: () => void): () => void {
  let [monotonic, wall] = [clocks.monotonic(), clocks.wall()];
  const timer = setInterval(() => {
    const slept = clocks.wall() - wall - (clocks.monotonic() - monotonic);
    // On systems whose monotonic clock goes on, the timer is simply late.
    const late = clocks.monotonic() - monotonic - tickMs;
    [monotonic, wall] = [clocks.monotonic(), clocks.wall()];
    if (slept > 2 * tickMs || late > 2 * tickMs) callback();
  }, tickMs);
  timer.unref();
  return () => clearInterval(timer);
}
