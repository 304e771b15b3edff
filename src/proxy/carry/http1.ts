import type { Upstream } from "../../model/upstream.ts";
import type { Http1Handler, Http1Request } from "../connect/http1-client.ts";
import type { Lane, Pools } from "../connect/pool.ts";
import { isStale, ReadTimeout } from "../exchange/failure.ts";
import type { Carrier, Sink } from "./carrier.ts";

export interface Http1Route {
  readonly pools: Pools;
  readonly upstream: Upstream;
  /** `kept`: an idle connection, if there is one. */
  readonly connection: "kept" | "fresh";
  /** The request may be sent twice; only then it waits for an upstream that restarts. */
  readonly repeatable: boolean;
  readonly connectTimeoutMs: number;
}

/** HTTP/1.1 on a pooled connection: nginx's `proxy_pass`. */
export class Http1Carrier implements Carrier, Http1Handler {
  readonly spokenBy = "proxy";
  readonly #route: Http1Route;
  readonly #request: Http1Request;
  readonly #sink: Sink;
  readonly #lane: Lane;
  #over = false;
  #paused = false;
  #resume: (() => void) | undefined;

  constructor(route: Http1Route, request: Http1Request, sink: Sink) {
    const { pools, upstream, connection, connectTimeoutMs, repeatable } = route;
    this.#route = route;
    this.#request = request;
    this.#sink = sink;
    const use = { idempotent: repeatable };
    this.#lane =
      connection === "kept"
        ? pools.take(upstream, connectTimeoutMs, use)
        : pools.open(upstream, connectTimeoutMs, use);
  }

  start(): void {
    this.#lane.client.send(this.#request, this);
  }

  stop(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#route.pools.discard(this.#lane, reason);
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
    const { pools, upstream } = this.#route;
    pools.release(upstream, this.#lane);
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
