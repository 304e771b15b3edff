/** May be called again. */
export type Release = () => void;

/** A number of things that may exist at once. */
export interface Slots {
  /** Waits for a free slot, first come first served. Fails with the signal's reason. */
  readonly take: (signal: AbortSignal) => Promise<Release>;
}

export function createSlots(count: number): Slots {
  let free = count;
  const waiting = new Set<() => void>();

  function release(): void {
    const [next] = waiting;
    if (next === undefined) free += 1;
    else {
      waiting.delete(next);
      next();
    }
  }

  function releaseOnce(): Release {
    let held = true;
    return () => {
      if (held) release();
      held = false;
    };
  }

  return {
    take: async (signal) => {
      signal.throwIfAborted();
      if (free > 0) free -= 1;
      else {
        await new Promise<void>((resolve, reject) => {
          const go = () => {
            signal.removeEventListener("abort", leave);
            resolve();
          };
          const leave = () => {
            waiting.delete(go);
            reject(signal.reason);
          };
          waiting.add(go);
          signal.addEventListener("abort", leave, { once: true });
        });
      }
      return releaseOnce();
    },
  };
}
