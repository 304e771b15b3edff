/** Two clocks: one stops while the computer sleeps, the other does not. */
export interface Clocks {
  /** As `performance.now()`. unit: ms */
  readonly monotonic: () => number;
  /** As `Date.now()`. unit: ms */
  readonly wall: () => number;
}

export const SYSTEM_CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Calls back when the computer slept longer than two ticks: older connections may be dead without a sign. Returns the
 * function that ends it.
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
