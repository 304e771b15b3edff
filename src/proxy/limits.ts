/** Every bound of the proxy: times in ms, sizes in bytes. Tests shorten the times. */
export interface ProxyLimits {
  /** From the start of a connection (or of its next request) to the end of the request's head; TLS handshake included. */
  readonly headMs: number;
  /** Longest pause between two reads of a request's body. */
  readonly bodyIdleMs: number;
  /** Longest pause of a client that does not take what it is sent. */
  readonly writeIdleMs: number;
  /** How long an idle connection of a client is kept. */
  readonly keepAliveMs: number;
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
  /** Longest request target; longer ones are answered with 414. */
  readonly targetBytes: number;
  /** Longest header line; longer ones are answered with 431. */
  readonly headerBytes: number;
  /** Longest head of a request as a whole. */
  readonly headBytes: number;
  /** Most headers of a request. */
  readonly headerCount: number;
}

/**
 * nginx's own where it has them (`keepalive_timeout 75s`, `upstream-keepalive-timeout 60`,
 * `large_client_header_buffers 4 8k`, `lingering_timeout 5s`), shorter where a laptop should not wait that long.
 */
export const DEFAULT_LIMITS: ProxyLimits = {
  headMs: 25_000,
  bodyIdleMs: 30_000,
  writeIdleMs: 30_000,
  keepAliveMs: 75_000,
  lingerMs: 5_000,
  upstreamIdleMs: 60_000,
  restartMs: 1_000,
  targetBytes: 8_192,
  headerBytes: 8_192,
  headBytes: 32_768,
  headerCount: 1_000,
};

/**
 * What Node's parser is allowed to read: more than `headBytes` and `targetBytes` together, so that a head that is too
 * long is seen whole and can be told apart (414, 431). Bytes.
 */
export const PARSER_HEAD_BYTES = 65_536;
