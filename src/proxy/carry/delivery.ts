import { Http2ServerResponse } from "node:http2";
import type { Writable } from "node:stream";
import type { ForwardDecision } from "../../model/decision.ts";
import { type Exchange, hasBody } from "../exchange/exchange.ts";
import { asHttp2 } from "../exchange/header-lines.ts";
import { beginResponse } from "../exchange/reply.ts";
import { limitRateOf } from "./accel.ts";
import type { BackendHead, Carrier } from "./carrier.ts";
import type { Carrying } from "./carrying.ts";
import { clientHeaders } from "./delivery/response-head.ts";
import { responseHeaders } from "./delivery/response-headers.ts";
import { Throttle } from "./delivery/throttle.ts";

/** Smaller bodies share one write with the head. */
const SMALL_BYTES = 16_384;

/** Told of the end of a delivery. */
export interface Delivering {
  /** Everything is handed to the client's connection. */
  delivered(): void;
  /** The client does not read for too long. */
  fail(error: Error): void;
}

/** A backend's response on its way to the client, with back-pressure. */
export class Delivery {
  readonly #context: Carrying;
  readonly #exchange: Exchange;
  readonly #carrier: Carrier;
  readonly #owner: Delivering;
  /** Rest by `Content-Length`; -1: unknown, or trailers may follow. */
  #left = -1;
  #flushed = false;
  #throttle: Throttle | undefined;
  #trailers: readonly string[] = [];

  constructor(context: Carrying, exchange: Exchange, carrier: Carrier, owner: Delivering) {
    this.#context = context;
    this.#exchange = exchange;
    this.#carrier = carrier;
    this.#owner = owner;
  }

  /** Sends the head, together with the first body bytes if they are there. @throws for a head that Node refuses */
  begin(decision: ForwardDecision, head: BackendHead): void {
    const { status, raw, bare } = head;
    const text = head.text ?? this.#exchange.plane.phrase(status);
    const { spokenBy } = this.#carrier;
    const { headers, length } = clientHeaders(this.#context, this.#exchange, decision, raw, spokenBy);
    // nginx states that nothing follows a response that ends with its head.
    if (bare && length < 0) headers.push("Content-Length", "0");
    beginResponse(this.#context, this.#exchange, { status, text, headers, length: bare ? 0 : length, bare });
    if (spokenBy !== "grpc") this.#left = length;
    const limitRate = limitRateOf(this.#exchange.plane, raw, decision.route.transport);
    if (limitRate !== undefined)
      this.#throttle = new Throttle(limitRate, this.#context.clock, {
        write: (piece) => (this.#exchange.response as Writable).write(piece),
        whenDrained: (drained) => this.#whenDrained(drained),
        free: () => this.#carrier.resume(),
      });
    process.nextTick(flushHead, this);
  }

  write(chunk: Buffer): "held" | "free" {
    const exchange = this.#exchange;
    const { response } = exchange;
    exchange.sent(chunk.length);
    this.#flushed = true;
    if (this.#throttle !== undefined) {
      if (!this.#throttle.write(chunk)) this.#carrier.pause();
      return "held";
    }
    if (chunk.length === this.#left) {
      this.#left = 0;
      // A string shares one write with the head; one char per byte keeps it unchanged.
      if (chunk.length <= SMALL_BYTES && !hasBody(exchange)) response.end(chunk.toString("latin1"), "latin1");
      else response.end(chunk);
      return "held";
    }
    this.#left -= chunk.length;
    const stream: Writable = response;
    if (!stream.write(chunk)) {
      this.#carrier.pause();
      this.#whenDrained(() => this.#carrier.resume());
    }
    return "held";
  }

  trailers(raw: readonly string[]): void {
    this.#trailers = raw;
  }

  /** The response is complete; the owner is told when everything is handed to the client's connection. */
  end(): void {
    if (this.#throttle === undefined) this.#finish();
    else this.#throttle.end(() => this.#finish());
  }

  /** Drops everything unsent. */
  stop(): void {
    this.#flushed = true;
    this.#throttle?.stop();
  }

  /** Sends a head whose body is late. */
  flush(): void {
    if (this.#flushed) return;
    this.#flushed = true;
    const { response } = this.#exchange;
    // In HTTP/2 the head is its own frame, sent already.
    if ("flushHeaders" in response) response.flushHeaders();
  }

  #finish(): void {
    this.#flushed = true;
    const { response } = this.#exchange;
    if (this.#trailers.length > 0) {
      const { kept } = responseHeaders(this.#exchange.plane, this.#trailers, this.#carrier.spokenBy);
      if (response instanceof Http2ServerResponse) response.addTrailers(asHttp2(kept));
      else response.addTrailers(pairs(kept));
    }
    response.end();
    this.#owner.delivered();
  }

  /** Waits a limited time for a client that does not read. */
  #whenDrained(drained: () => void): void {
    const { response, connection } = this.#exchange;
    const stream: Writable = response;
    const stalled = () => {
      this.#owner.fail(new Error("the client does not read the response"));
      connection.destroy();
    };
    stream.once("timeout", stalled).once("drain", () => {
      stream.off("timeout", stalled);
      response.setTimeout(0);
      drained();
    });
    response.setTimeout(this.#context.limits.writeIdleMs);
  }
}

function flushHead(delivery: Delivery): void {
  delivery.flush();
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i] ?? "", flat[i + 1] ?? ""]);
  return found;
}
