import type { Socket } from "node:net";
import { trailersBlock } from "../../http2/heads/answer-block.ts";
import { Http2Response } from "../../http2/http2-response.ts";
import type { ForwardDecision } from "../../model/decision.ts";
import type { Exchange, OutgoingStream } from "../exchange/exchange.ts";
import { beginResponse } from "../exchange/reply.ts";
import { limitRateOf } from "./accel.ts";
import type { BackendHead, Carrier } from "./carrier.ts";
import type { Carrying } from "./carrying.ts";
import { clientHeaders } from "./delivery/response-head.ts";
import { responseHeaders } from "./delivery/response-headers.ts";
import { Throttle } from "./delivery/throttle.ts";

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
  /** The client's socket, if pieces go straight to it. */
  #socket: Socket | null = null;
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
    const { raw, bare } = head;
    const { status = head.status } = decision;
    const { plane } = this.#exchange;
    const isOwn = plane.backendPhrase === "own" || status !== head.status;
    const sentLine = isOwn ? undefined : head.line;
    const line = sentLine ?? `${status} ${plane.phrase(status)}`;
    const { spokenBy } = this.#carrier;
    const { headers, length } = clientHeaders(this.#context, this.#exchange, decision, raw, spokenBy);
    // nginx states that nothing follows a response that ends with its head.
    if (bare && length < 0) headers.push("Content-Length", "0");
    const whole = { status, line, headers, length: bare ? 0 : length, bare };
    const { response } = this.#exchange;
    const isDirect = beginResponse(this.#context, this.#exchange, whole) === "direct";
    if (isDirect && "socket" in response) this.#socket = response.socket as Socket | null;
    if (spokenBy !== "grpc") this.#left = length;
    const limitRate = limitRateOf(this.#exchange.plane, raw, decision.route.transport);
    if (limitRate !== undefined)
      this.#throttle = new Throttle(limitRate, this.#context.clock, {
        write: (piece) => this.#exchange.response.write(piece),
        whenDrained: (drained) => this.#whenDrained(drained),
        free: () => this.#carrier.resume(),
      });
  }

  write(chunk: Buffer): "held" | "free" {
    const exchange = this.#exchange;
    const { response } = exchange;
    exchange.sent(chunk.length);
    if (this.#throttle !== undefined) {
      if (!this.#throttle.write(chunk)) this.#carrier.pause();
      return "held";
    }
    const stream: OutgoingStream = response;
    if (chunk.length === this.#left) {
      this.#left = 0;
      stream.end(chunk);
      return "held";
    }
    this.#left -= chunk.length;
    const isFree = stream.write(chunk);
    // A socket says no to a large piece, even if it has written it at once.
    if (this.#socket?.writableLength === 0) return "free";
    if (!isFree) {
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
    this.#throttle?.stop();
  }

  #finish(): void {
    const { response } = this.#exchange;
    if (this.#trailers.length > 0) {
      const { kept } = responseHeaders(this.#exchange.plane, this.#trailers, this.#carrier.spokenBy);
      if (response instanceof Http2Response) response.addTrailers(trailersBlock(kept));
      else response.addTrailers(pairs(kept));
    }
    response.end();
    this.#owner.delivered();
  }

  /** Waits a limited time for a client that does not read. */
  #whenDrained(drained: () => void): void {
    const { response, connection } = this.#exchange;
    const stream: OutgoingStream = response;
    const stalled = () => {
      this.#owner.fail(new Error("the client does not read the response"));
      // By HTTP/2 the others on the connection go on.
      if (!(response instanceof Http2Response)) connection.destroy();
    };
    stream.once("timeout", stalled);
    stream.once("drain", () => {
      stream.off("timeout", stalled);
      response.setTimeout(0);
      drained();
    });
    response.setTimeout(this.#context.limits.writeIdleMs);
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i] ?? "", flat[i + 1] ?? ""]);
  return found;
}
