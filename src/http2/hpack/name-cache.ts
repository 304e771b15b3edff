/** unit: names, chars of one */
const MOST_NAMES = 512;
const LONGEST_KEPT = 64;

/** A bounded store by header name: most messages have the same few, but clients and backends choose them. */
export class NameCache<Made> {
  readonly #made = new Map<string, Made>();

  get(name: string): Made | undefined {
    return this.#made.get(name);
  }

  keep(name: string, made: Made): Made {
    if (name.length > LONGEST_KEPT) return made;
    if (this.#made.size >= MOST_NAMES) this.#made.clear();
    this.#made.set(name, made);
    return made;
  }
}
