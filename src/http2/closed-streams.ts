/** Streams that are remembered of each kind. */
const MOST = 1_000;

/**
 * Streams that are no more, to tell late frames from wrong ones (RFC 9113 section 5.1). Most were opened and have ended;
 * only the others are kept.
 */
export class ClosedStreams {
  /** By us: the client may have sent more before it knew. */
  readonly #reset = new Set<number>();
  /** Never opened, as a later one was (RFC 9113 section 5.1.1). */
  readonly #skipped = new Set<number>();

  reset(id: number): void {
    keep(this.#reset, id);
  }

  /** Streams between the latest and the next one are not opened any more. */
  skip(latest: number, next: number): void {
    const first = latest === 0 ? 1 : latest + 2;
    for (let id = Math.max(first, next - 2 * MOST); id < next; id += 2) keep(this.#skipped, id);
  }

  of(id: number): "reset" | "skipped" | "ended" {
    if (this.#reset.has(id)) return "reset";
    return this.#skipped.has(id) ? "skipped" : "ended";
  }
}

function keep(ids: Set<number>, id: number): void {
  ids.add(id);
  if (ids.size <= MOST) return;
  const [oldest] = ids;
  if (oldest !== undefined) ids.delete(oldest);
}
