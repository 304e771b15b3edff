import type { Worker } from "node:worker_threads";
import { startThread } from "../../../thread.ts";
import { ProxyStopped } from "../../exchange/stopped.ts";

/** bcrypt is slow by design, and bcryptjs yields only every 100 ms, so it runs in its own thread. */
export interface Bcrypt {
  /** Rejects if the thread fails. */
  compare(password: string, hash: string): Promise<boolean>;
  close(): void;
}

interface Waiting {
  readonly resolve: (right: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** Starts the thread on first use, and again after a failure. It never keeps the process alive. */
export function createBcrypt(): Bcrypt {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let thread: Worker | undefined;
  const fail = (error: Error) => {
    thread = undefined;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  };
  const start = () => {
    const worker = startThread("./bcrypt-worker", import.meta.url);
    worker.on("message", ([id, right]: [number, boolean]) => {
      waiting.get(id)?.resolve(right);
      waiting.delete(id);
    });
    worker.on("error", fail);
    return worker;
  };
  return {
    compare: (password, hash) =>
      new Promise((resolve, reject) => {
        thread ??= start();
        waiting.set(++last, { resolve, reject });
        thread.postMessage([last, password, hash]);
      }),
    close() {
      void thread?.terminate();
      fail(new ProxyStopped());
    },
  };
}
