/** Valid nonces of digest authentication. */
export interface Nonces {
  issue(): string;
  /** Uses a nonce for a request; each `count` (the client's `nc`) is accepted once. */
  use(nonce: string, count: string): "good" | "stale";
}

/**
 * The module's `auth_digest_timeout`, `auth_digest_expires` and `auth_digest_replays`, which the template
 * does not set.
 */
const UNUSED_MS = 60_000;
const USED_MS = 10_000;
const MOST_USES = 20;
/** The oldest are dropped first. */
const MOST_NONCES = 10_000;

interface Nonce {
  until: number;
  readonly used: Set<string>;
}

/** @param clock monotonic ms */
export function createNonces(clock: () => number, random: () => string): Nonces {
  const known = new Map<string, Nonce>();
  return {
    issue() {
      const [oldest] = known.keys();
      if (known.size >= MOST_NONCES && oldest !== undefined) known.delete(oldest);
      const nonce = random();
      known.set(nonce, { until: clock() + UNUSED_MS, used: new Set() });
      return nonce;
    },
    use(nonce, count) {
      const found = known.get(nonce);
      if (found === undefined || found.until <= clock() || found.used.has(count)) return "stale";
      if (found.used.size === 0) found.until = clock() + USED_MS;
      found.used.add(count);
      if (found.used.size >= MOST_USES) known.delete(nonce);
      return "good";
    },
  };
}
