/** All limits of the proxy: times in ms, sizes in bytes. Tests shorten the times. */
export interface ProxyLimits {
  /**
   * From the start of a connection, or of its next request, to the end of the head; includes the TLS
   * handshake.
   */
  readonly headMs: number;
  readonly bodyIdleMs: number;
  /** Longest pause of a client that does not read. */
  readonly writeIdleMs: number;
  /** Lifetime of an idle client connection. default: the controller's ConfigMap */
  readonly keepAliveMs: number | undefined;
  /** Time for discarding further input after the answer. */
  readonly lingerMs: number;
  readonly upstreamIdleMs: number;
  /**
   * The wait of an idempotent request for an upstream that was reachable and now refuses connections, such
   * as a local process restarted by nodemon or vite. Counts from the first refusal, so a lasting failure
   * costs it once. 0 with `--exact`.
   */
  readonly restartMs: number;
  /** The first buffer of a head (`client_header_buffer_size`). */
  readonly firstHeadBytes: number;
  /** Head limit of an HTTP/2 session, in bytes and headers. */
  readonly http2HeadBytes: number;
  readonly http2Headers: number;
}

/**
 * nginx's values where it has them (`upstream-keepalive-timeout 60`, `lingering_timeout 5s`), shorter where a
 * laptop should not wait so long.
 */
export const DEFAULT_LIMITS: ProxyLimits = {
  headMs: 25_000,
  bodyIdleMs: 30_000,
  writeIdleMs: 30_000,
  keepAliveMs: undefined,
  lingerMs: 5_000,
  upstreamIdleMs: 60_000,
  restartMs: 1_000,
  firstHeadBytes: 1_024,
  http2HeadBytes: 65_536,
  // Includes pseudo headers.
  http2Headers: 1_008,
};
