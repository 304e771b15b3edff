import type { Writable } from "node:stream";
import type { Dispatcher } from "undici";
import type { Decision } from "../model/decision.ts";
import type { Upstream } from "../model/upstream.ts";
import { backendHeaders, backendPath, openUpload } from "./backend-request.ts";
import { causeOf } from "./connect.ts";
import type { ProxyContext } from "./context.ts";
import { type Errand, type Exchange, hasBody, isIdempotent } from "./exchange.ts";
import { failureOf } from "./failure.ts";
import { forwardHttp2, isHttp2 } from "./forward-http2.ts";
import { withAdded, withLines } from "./headers.ts";
import type { Lane } from "./pool.ts";
import { beginResponse, cutOff, discardBody } from "./reply.ts";
import { responseHeaders } from "./response-headers.ts";
import type { Upload } from "./upload.ts";

type Forward = Extract<Decision, { kind: "forward" }>;

const SMALL_BYTES = 16_384;

/** What nginx logs for a client that left before it was answered. */
const CLIENT_LEFT = 499;

/** Sends a request on to its upstream, and the response back, both as they come. */
export function forward(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
): void {
  if (isHttp2(upstream)) {
    forwardHttp2(context, exchange, decision, upstream);
    return;
  }
  const forwarding = new Forwarding(context, exchange, decision, upstream);
  exchange.errand = forwarding;
  forwarding.send("reuse");
}

/**
 * One request on its way to an upstream and back: undici's handler in its raw form, which hands over the header bytes of
 * the response as they are. Lives until the response has ended, on either side.
 */
class Forwarding implements Dispatcher.DispatchHandler, Errand {
  readonly #context: ProxyContext;
  readonly #exchange: Exchange;
  readonly #decision: Forward;
  readonly #upstream: Upstream;
  readonly #upload: Upload | null;
  #lane: Lane | undefined;
  #retried = false;
  #over = false;
  #left = -1;
  #flushed = false;
  #resume: (() => void) | undefined;

  constructor(context: ProxyContext, exchange: Exchange, decision: Forward, upstream: Upstream) {
    this.#context = context;
    this.#exchange = exchange;
    this.#decision = decision;
    this.#upstream = upstream;
    this.#upload = hasBody(exchange) ? openUpload(context, exchange, decision) : null;
  }

  /** `reuse`: over a connection that is there, where there is one. */
  send(which: "reuse" | "fresh"): void {
    const { connectTimeoutMs, readTimeoutMs } = this.#decision.route.settings;
    const { pools } = this.#context;
    const { method } = this.#exchange;
    const wish = { idempotent: isIdempotent(method) && this.#upload?.touched !== true };
    this.#lane =
      which === "reuse"
        ? pools.take(this.#upstream, connectTimeoutMs, wish)
        : pools.open(this.#upstream, connectTimeoutMs, wish);
    this.#lane.client.dispatch(
      {
        path: backendPath(this.#decision, this.#upstream),
        method,
        headers: backendHeaders(this.#context, this.#exchange, this.#decision),
        body: this.#upload,
        headersTimeout: readTimeoutMs,
        bodyTimeout: readTimeoutMs,
      },
      this,
    );
  }

  onConnect(): void {}

  onHeaders(status: number, raw: Buffer[], resume: () => void, text: string): boolean {
    if (status < 200) return true;
    if (status > 599) throw new Error(`the upstream answered with the status ${status}`);
    const { kept, length } = responseHeaders(raw);
    this.#left = length;
    this.#resume = resume;
    const phrase = /^[\x20-\x7e]*$/.test(text) ? text : "";
    const set = withLines(kept, this.#decision.responseHeaders);
    const headers = withAdded(set, this.#exchange.addedHeaders);
    beginResponse(this.#context, this.#exchange, { status, text: phrase, headers, length });
    // Headers go out at once, with the first bytes of the body where those came along.
    process.nextTick(flushHead, this);
    return true;
  }

  onData(chunk: Buffer): boolean {
    const { response } = this.#exchange;
    this.#exchange.bytes += chunk.length;
    this.#flushed = true;
    if (chunk.length === this.#left) {
      this.#left = 0;
      // As a string it goes out with the head in one write; one char a byte, so nothing is changed by that.
      if (chunk.length <= SMALL_BYTES && this.#upload === null)
        response.end(chunk.toString("latin1"), "latin1");
      else response.end(chunk);
      return true;
    }
    this.#left -= chunk.length;
    const stream: Writable = response;
    if (stream.write(chunk)) return true;
    stream.once("drain", this.#onDrain).once("timeout", this.#onStall);
    response.setTimeout(this.#context.limits.writeIdleMs);
    return false;
  }

  onComplete(): void {
    const lane = this.#finish();
    if (lane !== undefined) this.#context.pools.release(this.#upstream, lane);
    this.#flushed = true;
    this.#exchange.response.end();
    discardBody(this.#context, this.#exchange);
    this.#context.tell(this.#exchange);
  }

  onError(error: Error): void {
    if (this.#over) return;
    const reused = this.#lane?.reused === true;
    this.#drop(error);
    if (this.#mayRetry(reused, error)) {
      this.#retried = true;
      this.send("fresh");
      return;
    }
    this.#finish();
    this.#upload?.destroy();
    const exchange = this.#exchange;
    const context = this.#context;
    exchange.error = causeOf(error);
    if (exchange.status === 0 && !exchange.response.headersSent) {
      context.answer(exchange, failureOf(this.#decision, this.#upstream, error));
      return;
    }
    context.tell(exchange);
    cutOff(exchange.response);
  }

  fail(error: Error): void {
    this.onError(error);
  }

  /** The upstream is told by the end of its connection. */
  abandon(): void {
    if (this.#over) return;
    const error = new Error("the client closed the connection");
    const lane = this.#finish();
    this.#upload?.destroy();
    if (lane !== undefined) this.#context.pools.discard(lane, error);
    this.#exchange.error = error.message;
    if (this.#exchange.status === 0) this.#exchange.status = CLIENT_LEFT;
    this.#context.tell(this.#exchange);
  }

  /** The head of a response whose body is late. */
  flush(): void {
    if (this.#flushed || this.#over) return;
    this.#flushed = true;
    const { response } = this.#exchange;
    // In HTTP/2 the head is a frame of its own, and out already.
    if ("flushHeaders" in response) response.flushHeaders();
  }

  readonly #onDrain = (): void => {
    const { response } = this.#exchange;
    const stream: Writable = response;
    stream.off("timeout", this.#onStall);
    response.setTimeout(0);
    this.#resume?.();
  };

  readonly #onStall = (): void => {
    this.onError(new Error("the client does not read the response"));
    this.#exchange.connection.destroy();
  };

  #finish(): Lane | undefined {
    const lane = this.#lane;
    this.#over = true;
    this.#lane = undefined;
    this.#exchange.errand = undefined;
    return lane;
  }

  #drop(error: Error): void {
    if (this.#lane !== undefined) this.#context.pools.discard(this.#lane, error);
    this.#lane = undefined;
  }

  /** nginx's rule, for a connection that had served before: it may have been closed at the very moment of sending. */
  #mayRetry(reused: boolean, error: Error): boolean {
    if (!reused || this.#retried || this.#exchange.status !== 0) return false;
    if (!isIdempotent(this.#exchange.method) || this.#upload?.touched === true) return false;
    return (
      "code" in error &&
      (error.code === "UND_ERR_SOCKET" || error.code === "ECONNRESET" || error.code === "EPIPE")
    );
  }
}

function flushHead(forwarding: Forwarding): void {
  forwarding.flush();
}
