/** A moving deadline on one timer. The timer is reset only if it would ring too late, or rang too early. */
export class Deadline {
  readonly #expired: () => void;
  #timer: NodeJS.Timeout | undefined;
  #at = Number.POSITIVE_INFINITY;
  #rings = 0;

  constructor(expired: () => void) {
    this.#expired = expired;
  }

  /** default: never. unit: ms from now */
  set(ms: number): void {
    if (ms === Number.POSITIVE_INFINITY) {
      this.clear();
      return;
    }
    const now = performance.now();
    this.#at = now + ms;
    if (this.#timer === undefined || this.#rings > this.#at) this.#start(now);
  }

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
