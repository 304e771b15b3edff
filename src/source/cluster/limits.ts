/** Times and sizes of reading a cluster. Parameters, so that tests need not wait. */
export interface ClusterLimits {
  /** The first pause after a failure, and the longest, in ms; between them it doubles. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The least time between two requests that follow a failure, whichever kinds they are for, in ms. */
  readonly spacingMs: number;
  /** The longest that a `Retry-After` is heeded, in ms. */
  readonly retryAfterMs: number;
  /** How long until something that may not be read is asked for again, in ms. */
  readonly refusedMs: number;
  /** How long a watch lasts before the API server ends it, in seconds. */
  readonly watchSeconds: number;
  /** How much longer than that a watch may stay silent before its connection counts as dead, in ms. */
  readonly graceMs: number;
  /** How long everything together may take until it is read for the first time, in ms. */
  readonly firstMs: number;
  /** How often it is looked whether this computer was asleep, in ms. */
  readonly tickMs: number;
  /** Objects asked for at a time. */
  readonly pageSize: number;
  /** Secrets of one namespace that are watched each by itself; more are watched together. */
  readonly namedSecrets: number;
}

/**
 * What holds outside of tests. A watch lasts a minute, so that a connection whose other end is gone is noticed within 70
 * seconds even where the API server sends no bookmarks.
 */
export const CLUSTER_LIMITS: ClusterLimits = {
  firstPauseMs: 1_000,
  longestPauseMs: 30_000,
  spacingMs: 1_000,
  retryAfterMs: 60_000,
  refusedMs: 30_000,
  watchSeconds: 60,
  graceMs: 10_000,
  firstMs: 30_000,
  tickMs: 5_000,
  pageSize: 500,
  namedSecrets: 10,
};
