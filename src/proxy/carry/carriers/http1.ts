import type { Upstream } from "../../../model/upstream.ts";
import type { Http1Handler, Http1Request } from "../../connect/http1-client.ts";
import type { Lane, Pools } from "../../connect/pool.ts";
import { isStale, ReadTimeout } from "../../exchange/failure.ts";
import type { Carrier, Sink } from "../carrier.ts";

/** HTTP/1.1 on a pooled connection: nginx's `proxy_pass`. */
export class Http1Carrier implements Carrier, Http1Handler {
  readonly spokenBy = "proxy";
  readonly #pools: Pools;
  readonly #upstream: Upstream;
  readonly #lane: Lane;
  readonly #request: Http1Request;
  readonly #sink: Sink;
  #over = false;
  #paused = false;
  #resume: (() => void) | undefined;

  /** @param lane taken from the pools for this request; given back at its end */
  constructor(pools: Pools, upstream: Upstream, lane: Lane, request: Http1Request, sink: Sink) {
    this.#pools = pools;
    this.#upstream = upstream;
    this.#lane = lane;
    this.#request = request;
    this.#sink = sink;
  }

  start(): void {
    this.#lane.client.send(this.#request, this);
  }

  stop(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#pools.discard(this.#lane, reason);
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#resume?.();
  }

  onConnect(): void {}

  /** With `proxy_read_timeout 0` any answer is too late; undici would take 0 for no limit. */
  onRequestSent(): void {
    if (this.#request.readTimeoutMs === 0)
      setImmediate(() => this.onError(new ReadTimeout("nothing is waited for (0 s)")));
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, text: string): boolean {
    if (this.#over || status < 200) return true;
    this.#resume = resume;
    const phrase = /^[\x20-\x7e]*$/.test(text) ? text : "";
    this.#sink.head({ status, text: phrase, raw, bytes: headBytes(raw, text) });
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (!this.#over) this.#sink.data(chunk);
    return !this.#paused;
  }

  onComplete(): void {
    if (this.#over) return;
    this.#over = true;
    this.#pools.release(this.#upstream, this.#lane);
    this.#sink.end();
  }

  onError(error: Error): void {
    if (this.#over) return;
    const { reused } = this.#lane;
    this.stop(error);
    this.#sink.fail(error, reused && isStale(error) ? "stale" : undefined);
  }
}

/** `HTTP/1.1 200 OK` without the phrase. */
const STATUS_LINE_BYTES = "HTTP/1.1 200 \r\n".length;
/** `: ` and the line end. */
const BESIDE_HEADER_BYTES = ": \r\n".length;

/** nginx reads a head into one buffer, line ends included (ngx_http_upstream_process_header). */
function headBytes(raw: readonly Buffer[], text: string): number {
  let bytes = STATUS_LINE_BYTES + text.length + 2 + (raw.length / 2) * BESIDE_HEADER_BYTES;
  for (const part of raw) bytes += part.length;
  return bytes;
}
