/** Of each kind, that are remembered. */
const MOST = 1_000;

/**
 * Streams that are no more, to tell late frames from wrong ones (RFC 9113 section 5.1). Most were opened and have ended;
 * only the others are kept.
 */
export class ClosedStreams {
  /** By us: the client may have sent more before it knew. */
  readonly #reset = new Set<number>();
  /** Never opened, as a later one was (RFC 9113 section 5.1.1): what is between two. */
  readonly #skipped: (readonly [number, number])[] = [];

  rememberReset(id: number): void {
    keep(this.#reset, id);
  }

  /** Streams between the latest and the next one are not opened any more. */
  skip(latest: number, next: number): void {
    if (next <= latest + 2) return;
    if (this.#skipped.push([latest, next]) > MOST) this.#skipped.shift();
  }

  of(id: number): "reset" | "skipped" | "ended" {
    if (this.#reset.has(id)) return "reset";
    return this.#skipped.some(([latest, next]) => latest < id && id < next) ? "skipped" : "ended";
  }
}

function keep(ids: Set<number>, id: number): void {
  ids.add(id);
  if (ids.size <= MOST) return;
  const [oldest] = ids;
  if (oldest !== undefined) ids.delete(oldest);
}
