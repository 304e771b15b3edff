/** Every bound of the proxy: times in ms, sizes in bytes. Tests shorten the times. */
export interface ProxyLimits {
  /** From the start of a connection (or of its next request) to the end of the request's head; TLS handshake included. */
  readonly headMs: number;
  /** Longest pause between two reads of a request's body. */
  readonly bodyIdleMs: number;
  /** Longest pause of a client that does not take what it is sent. */
  readonly writeIdleMs: number;
  /** How long an idle connection of a client is kept; `undefined`: as the controller's ConfigMap has it. */
  readonly keepAliveMs: number | undefined;
  /** How long what a client still sends is read and thrown away once it has been answered. */
  readonly lingerMs: number;
  /** How long an idle connection to an upstream is kept. */
  readonly upstreamIdleMs: number;
  /**
   * How long an idempotent request waits for an upstream that was there and now refuses connections: a local process
   * that is being restarted (nodemon, vite). Counted from the first refusal, so an upstream that stays away costs
   * this once. 0 for `--exact`.
   */
  readonly restartMs: number;
  /** The buffer that a head is read into before it needs larger ones (`client_header_buffer_size`). */
  readonly firstHeadBytes: number;
  /** What a session of HTTP/2 reads of a head at all, in bytes and in headers. */
  readonly http2HeadBytes: number;
  readonly http2Headers: number;
}

/**
 * nginx's own where it has them (`upstream-keepalive-timeout 60`, `lingering_timeout 5s`), shorter where a laptop should
 * not wait that long.
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
  // What begins with a colon counts as well.
  http2Headers: 1_008,
};
