export interface Queue {
  /** Runs a job when its turn comes. Rejects as the job does, or with the error given to `close`. */
  add<T>(key: string, job: () => Promise<T>): Promise<T>;
  hurry(key: string): void;
  /** Rejects every job that has not started, and every later one. */
  close(error: Error): void;
}

interface Entry {
  readonly key: string;
  readonly run: () => Promise<void>;
  readonly giveUp: (error: Error) => void;
}

/**
 * Makes a queue that runs `limit` jobs at once.
 *
 * RSA keys are made on libuv's threads (default: 4), which name lookups and files need too. Two hundred keys at once
 * would hold up everything else for half a minute.
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
