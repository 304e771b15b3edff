import type { Duplex } from "node:stream";
import type { Upstream } from "../../../model/upstream.ts";
import type { AnswerHead } from "../../connect/http1-client/answer-head.ts";
import type { Http1Handler, Http1Request } from "../../connect/http1-client.ts";
import type { Lane, Pools } from "../../connect/pool.ts";
import { isStale } from "../../exchange/failure.ts";
import type { Carrier, Sink } from "../carrier.ts";

/** HTTP/1.1 on a pooled connection: nginx's `proxy_pass`. A 101 turns it into a tunnel. */
export class Http1Carrier implements Carrier, Http1Handler {
  readonly spokenBy = "proxy";
  readonly #pools: Pools;
  readonly #upstream: Upstream;
  readonly #lane: Lane;
  readonly #request: Http1Request;
  readonly #sink: Sink;
  #over = false;

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

  stop(): void {
    if (this.#over) return;
    this.#over = true;
    this.#lane.client.destroy();
  }

  pause(): void {
    if (!this.#over) this.#lane.client.pause();
  }

  resume(): void {
    if (!this.#over) this.#lane.client.resume();
  }

  head(head: AnswerHead): void {
    this.#sink.head(head);
  }

  data(bytes: Buffer): "held" | "free" {
    return this.#sink.data(bytes);
  }

  end(): void {
    this.#over = true;
    this.#pools.release(this.#upstream, this.#lane);
    this.#sink.end();
  }

  switched(head: AnswerHead, stream: Duplex, first: Buffer): void {
    this.#over = true;
    this.#sink.switched?.(head, stream, first);
  }

  fail(error: Error): void {
    this.#over = true;
    this.#sink.fail(error, this.#lane.reused && isStale(error) ? "stale" : undefined);
  }
}
