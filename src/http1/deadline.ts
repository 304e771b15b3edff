/**
 * A point in time that moves with every request, on one timer: it is set again only when it rings too early, or would ring
 * too late.
 */
export class Deadline {
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;
  #rings = 0;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** From now on, in ms, or never; an earlier one no longer holds. */
  set(ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) {
      this.clear();
      return;
    }
    const now = performance.now();
    this.#at = now + ms;
    if (this.#timer === undefined || this.#rings > this.#at) this.#start(now);
  }

  /** Nothing is waited for; the timer may ring, and finds that. */
  clear(): void {
    this.#at = Number.POSITIVE_INFINITY;
  }

  stop(): void {
    this.clear();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #start(now: number): void {
    clearTimeout(this.#timer);
    this.#rings = this.#at;
    this.#timer = setTimeout(this.#ring, this.#at - now);
  }

  readonly #ring = (): void => {
    this.#timer = undefined;
    const now = performance.now();
    // Timers ring up to 1 ms early.
    if (this.#at <= now + 1) this.#expired();
    else if (this.#at < Number.POSITIVE_INFINITY) this.#start(now);
  };
}
