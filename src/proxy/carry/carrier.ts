import type { Duplex } from "node:stream";
import type { SpokenBy } from "../../model/plane.ts";
import type { Upstream } from "../../model/upstream.ts";

export interface BackendHead {
  readonly status: number;
  /** The status line behind the version, as sent: `200 OK`. Absent if the protocol has none. */
  readonly line?: string | undefined;
  /** Names and values alternating, as sent. */
  readonly raw: readonly (Buffer | string)[];
  /** Size in the protocol's terms, for `proxy-buffer-size`. */
  readonly bytes: number;
  /** The response ends with its head: gRPC's "Trailers-Only". */
  readonly bare?: true | undefined;
}

/**
 * The reason to repeat a try on another connection to the same upstream, however many tries are left. `stale`: a
 * reused connection was closed while sending. `unprocessed`: the upstream says so (RFC 9113 section 8.7).
 */
export type Refresh = "stale" | "unprocessed";

/** Receives one try's response in order: head, data, trailers, end; or a failure at any time. */
export interface Sink {
  head(head: BackendHead): void;
  /** `held`: the chunk is still used after the call. */
  data(chunk: Buffer): "held" | "free";
  /** Names and values alternating. */
  trailers(raw: readonly string[]): void;
  end(): void;
  fail(error: Error, refresh?: Refresh): void;
  /** The backend switched protocols (101): the connection becomes a tunnel. `first` follows the head. */
  switched?(head: BackendHead, stream: Duplex, first: Buffer): void;
}

/** The upstream of one try. Times in ms. */
export interface TryTarget {
  readonly upstream: Upstream;
  readonly connectTimeoutMs: number;
  /** For each pause of the upstream. */
  readonly readTimeoutMs: number;
}

/** One try at one upstream, in its protocol. The sink hears nothing after the end, a failure or `stop`. */
export interface Carrier {
  readonly spokenBy: SpokenBy;
  start(): void;
  /** Aborts the request; that is how the upstream learns of it. Harmless afterwards. */
  stop(reason: Error): void;
  /** Stops reading the response until `resume`; data already read still arrives. */
  pause(): void;
  resume(): void;
}
