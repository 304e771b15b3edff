/** Runs something soon after it was asked for, however often it is asked. */
export interface Pulse {
  request(): void;
  stop(): void;
}

/** How often a pulse may run. */
export interface Pace {
  /** Least time from the start of one run to the start of the next, in ms. */
  readonly least: number;
  /** Most of the time that the runs may take, 0 to 1: slow ones come less often. */
  readonly share: number;
  /** Longest wait that `share` may lead to, in ms. */
  readonly most: number;
  /** A clock in ms that only goes forward. */
  readonly now: () => number;
}

/**
 * A pulse around `run`. The first request after a pause runs in the same turn of the event loop's timers, later ones as the
 * pace allows: a flood of requests costs no more than its share.
 */
export function createPulse(run: () => void, pace: Pace): Pulse {
  let timer: NodeJS.Timeout | undefined;
  let next = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const fire = () => {
    timer = undefined;
    const started = pace.now();
    try {
      run();
    } finally {
      const took = pace.now() - started;
      next = started + Math.max(pace.least, Math.min(pace.most, took / pace.share));
    }
  };
  return {
    request() {
      if (stopped || timer !== undefined) return;
      timer = setTimeout(fire, Math.max(0, Math.ceil(next - pace.now())));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
