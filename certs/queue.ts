/** Jobs by key, a few at a time, the urgent ones first. */
export interface Queue {
  /** Runs a job when its turn comes. Rejects as the job does, or with the error given to `close`. */
  add<T>(key: string, job: () => Promise<T>): Promise<T>;
  /** Somebody waits for this one: it is next, unless it runs already. */
  hurry(key: string): void;
  /** Rejects every job that has not started, and every one added from now on. */
  close(error: Error): void;
}

interface Entry {
  readonly key: string;
  readonly run: () => Promise<void>;
  readonly giveUp: (error: Error) => void;
}

/**
 * A queue of which `limit` jobs run at once.
 *
 * RSA keys are made on libuv's threads, four by default, and name lookups and files need those too: two hundred keys
 * at once would hold up everything else for half a minute.
 */
export function createQueue(limit: number): Queue {
  const waiting: Entry[] = [];
  let running = 0;
  let closed: Error | undefined;
  const next = (): void => {
    while (running < limit) {
      const entry = waiting.shift();
      if (entry === undefined) return;
      running += 1;
      void entry.run().finally(() => {
        running -= 1;
        next();
      });
    }
  };
  return {
    add<T>(key: string, job: () => Promise<T>): Promise<T> {
      if (closed !== undefined) return Promise.reject(closed);
      return new Promise<T>((resolve, reject) => {
        waiting.push({ key, run: () => job().then(resolve, reject), giveUp: reject });
        next();
      });
    },
    hurry(key) {
      const at = waiting.findIndex((entry) => entry.key === key);
      const [entry] = at > 0 ? waiting.splice(at, 1) : [];
      if (entry !== undefined) waiting.unshift(entry);
    },
    close(error) {
      closed = error;
      for (const entry of waiting.splice(0)) entry.giveUp(error);
    },
  };
}
