import { Deadline } from "../../http1/deadline.ts";
import type { StreamOutput } from "./stream-output.ts";

/**
 * Finds answers of which nothing goes out for too long: a client that gives no window would hold their memory
 * (CVE-2019-9517).
 */
export class StallWatch {
  readonly #ms: number;
  readonly #stalled: (stream: StreamOutput) => void;
  readonly #deadline: Deadline;
  #waiting: readonly ReadonlySet<StreamOutput>[] = [];
  #isSet = false;

  /** @param stalled is told of an answer that waits for `ms` */
  constructor(ms: number, stalled: (stream: StreamOutput) => void) {
    this.#ms = ms;
    this.#stalled = stalled;
    this.#deadline = new Deadline(() => this.#ring());
  }

  /** Watches what still waits behind a write. */
  look(...waiting: readonly ReadonlySet<StreamOutput>[]): void {
    this.#waiting = waiting;
    let count = 0;
    for (const streams of waiting) {
      count += streams.size;
      for (const stream of streams) stream.waitsSince ??= performance.now();
    }
    if (count > 0 && !this.#isSet) this.#set(this.#ms);
  }

  stop(): void {
    this.#deadline.stop();
  }

  #set(ms: number): void {
    this.#isSet = true;
    this.#deadline.set(ms);
  }

  #ring(): void {
    this.#isSet = false;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const stream of this.#waiting.flatMap((streams) => [...streams])) {
      const left = (stream.waitsSince ?? now) + this.#ms - now;
      // Timers ring up to 1 ms early.
      if (left <= 1) this.#stalled(stream);
      else next = Math.min(next, left);
    }
    if (next < Number.POSITIVE_INFINITY) this.#set(next);
  }
}
