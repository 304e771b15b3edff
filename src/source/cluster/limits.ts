/** Times and sizes of reading a cluster. Parameters, so that tests need not wait. */
export interface ClusterLimits {
  /** The first and the longest pause after failures; it doubles between them. unit: ms */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** The least time between two requests after failures, of all kinds together. unit: ms */
  readonly spacingMs: number;
  /** The longest `Retry-After` that is obeyed. unit: ms */
  readonly retryAfterMs: number;
  /** The pause before a forbidden request is repeated. unit: ms */
  readonly refusedMs: number;
  /** The pause between two questions which kinds the cluster has. unit: ms */
  readonly discoveryMs: number;
  /** The life of a watch, which the API server ends. unit: seconds */
  readonly watchSeconds: number;
  /** Silence beyond the life of a watch after which its connection counts as dead. unit: ms */
  readonly graceMs: number;
  /** The longest that the first reading may take. unit: ms */
  readonly firstMs: number;
  /** The pause between two checks if this computer was asleep. unit: ms */
  readonly tickMs: number;
  readonly pageSize: number;
  /** Secrets of one namespace that are watched one by one; more are watched together. */
  readonly namedSecrets: number;
}

/** A watch lasts a minute, so that a dead connection is noticed within 70 seconds even without bookmarks. */
export const CLUSTER_LIMITS: ClusterLimits = {
  firstPauseMs: 1_000,
  longestPauseMs: 30_000,
  spacingMs: 1_000,
  retryAfterMs: 60_000,
  refusedMs: 30_000,
  discoveryMs: 30_000,
  watchSeconds: 60,
  graceMs: 10_000,
  firstMs: 30_000,
  tickMs: 5_000,
  pageSize: 500,
  namedSecrets: 10,
};
