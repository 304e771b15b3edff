/** Runs something soon after a request; many requests cause one run. */
export interface FrameThrottle {
  request(): void;
  stop(): void;
}

export interface FrameRate {
  /** From the start of a run to the start of the next. unit: ms */
  readonly least: number;
  /** The largest share of the time that runs may take, 0 to 1: slow ones come less often. */
  readonly share: number;
  /** The longest wait because of `share`. unit: ms */
  readonly most: number;
  /** A clock that only goes forward. unit: ms */
  readonly now: () => number;
}

/**
 * Makes a throttle around `run`. After a pause the first request runs in the same turn of the timers, later ones as the
 * rate allows.
 */
export function createFrameThrottle(run: () => void, rate: FrameRate): FrameThrottle {
  let timer: NodeJS.Timeout | undefined;
  let next = Number.NEGATIVE_INFINITY;
  let stopped = false;
  const fire = () => {
    timer = undefined;
    const started = rate.now();
    try {
      run();
    } finally {
      const took = rate.now() - started;
      next = started + Math.max(rate.least, Math.min(rate.most, took / rate.share));
    }
  };
  return {
    request() {
      if (stopped || timer !== undefined) return;
      timer = setTimeout(fire, Math.max(0, Math.ceil(next - rate.now())));
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
