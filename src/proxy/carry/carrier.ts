import type { Duplex } from "node:stream";
import type { SpokenBy } from "../../model/plane.ts";

/** The head of a backend's response, whatever protocol it came by. */
export interface BackendHead {
  readonly status: number;
  /** Reason phrase; default: the protocol has none. */
  readonly text?: string | undefined;
  /** Names and values in turn, as sent. */
  readonly raw: readonly (Buffer | string)[];
  /** Size in the protocol's own terms, for `proxy-buffer-size`. */
  readonly bytes: number;
  /** The response ends with its head: gRPC's "Trailers-Only". */
  readonly bare?: true | undefined;
}

/**
 * Why the same upstream is asked once more, on another connection, without this being counted as a try. `stale`: the
 * connection had served before, and was closed at the moment of sending. `unprocessed`: the upstream says so (RFC 9113
 * section 8.7).
 */
export type Refresh = "stale" | "unprocessed";

/** Told of the response to one try, in this order: the head, data, trailers, then the end; or a failure at any time. */
export interface Sink {
  head(head: BackendHead): void;
  data(chunk: Buffer): void;
  /** Names and values in turn. */
  trailers(raw: readonly string[]): void;
  end(): void;
  fail(error: Error, refresh?: Refresh): void;
  /** The backend has switched protocols (101): the connection is for a tunnel. `first` came behind the head. */
  switched?(head: BackendHead, stream: Duplex, first: Buffer): void;
}

/**
 * One try at one upstream, in the protocol that it speaks. Its sink hears of it until the response has ended, the try has
 * failed, or was stopped; of nothing after that.
 */
export interface Carrier {
  readonly spokenBy: SpokenBy;
  start(): void;
  /** Aborts the request; that is how the upstream learns of it. Harmless once it is over. */
  stop(reason: Error): void;
  /** Reads no more of the response until `resume`, but for what has been read already. */
  pause(): void;
  resume(): void;
}
