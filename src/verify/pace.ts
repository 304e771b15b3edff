/** Times are in milliseconds. */
export interface Clock {
  readonly now: () => number;
  /** Resolves after that time, or on the signal. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const SYSTEM_CLOCK: Clock = {
  now: () => performance.now(),
  wait: (ms, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener("abort", done);
    }),
};

/** Gives each request its time to start: `rate` a second, evenly, and nothing is made up for later. */
export function createPace(rate: number): (now: number) => number {
  const spacing = 1_000 / rate;
  let next = Number.NEGATIVE_INFINITY;
  return (now) => {
    const start = Math.max(now, next);
    next = start + spacing;
    return start;
  };
}

/** Sends each item at its time, `atOnce` at most at a time. Resolves when all are answered, or the signal stops it. */
export async function sendPaced<T>(
  items: Iterable<T>,
  send: (item: T) => Promise<void>,
  options: {
    /** unit: requests per second */
    readonly rate: number;
    readonly atOnce: number;
    readonly clock: Clock;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const { atOnce, clock, signal } = options;
  const pace = createPace(options.rate);
  const underWay = new Set<Promise<void>>();
  for (const item of items) {
    if (underWay.size >= atOnce) await Promise.race(underWay);
    const start = pace(clock.now());
    const wait = start - clock.now();
    if (wait > 0) await clock.wait(wait, signal);
    if (signal.aborted) break;
    const sent: Promise<void> = send(item).finally(() => underWay.delete(sent));
    underWay.add(sent);
  }
  await Promise.all(underWay);
}
