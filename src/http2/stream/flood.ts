/**
 * How often a client may do what costs us more than itself: streams that it opens and resets (CVE-2023-44487), malformed
 * requests, empty frames (CVE-2019-9518). The numbers are nghttp2's.
 */
const BURST = 1_000;
const PER_SECOND = 33;

export class Flood {
  #left = BURST;
  #at = performance.now();

  /** Counts one. True: there are too many. */
  grows(): boolean {
    if (this.#left < 1) {
      const now = performance.now();
      this.#left = Math.min(BURST, this.#left + ((now - this.#at) * PER_SECOND) / 1000);
      this.#at = now;
      if (this.#left < 1) return true;
    }
    this.#left--;
    return false;
  }
}
