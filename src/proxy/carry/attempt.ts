import type { Writable } from "node:stream";
import type { Dispatcher } from "undici";
import type { Upstream } from "../../model/upstream.ts";
import { UpstreamTimeout } from "../connect/connect.ts";
import type { Lane } from "../connect/pool.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { InvalidHeader } from "../exchange/failure.ts";
import { within } from "../exchange/fault.ts";
import { beginResponse } from "../exchange/reply.ts";
import { limitRateOf } from "./accel.ts";
import { backendHeaders, backendPath, type Forward } from "./backend-request.ts";
import { clientHeaders } from "./response-head.ts";
import { send } from "./send.ts";
import { Throttle } from "./throttle.ts";
import type { Upload } from "./upload.ts";

const SMALL_BYTES = 16_384;

/** What an attempt is made for: it says what is to become of a response, and is told how it ends. */
export interface Journey {
  readonly context: ProxyContext;
  readonly exchange: Exchange;
  readonly decision: Forward;
  /** Whether the response goes to the client. Where not, the attempt has been stopped, and something else begun. */
  takes(attempt: Attempt, status: number, raw: readonly Buffer[]): boolean;
  /** All of the response has been handed to the client's. */
  ended(attempt: Attempt): void;
  failed(attempt: Attempt, error: Error): void;
}

/**
 * One try at one upstream: undici's handler in its raw form, which hands over the header bytes of the response as they
 * are. Lives until the response has ended, or the attempt failed or was stopped; nothing is heard of it after that.
 */
export class Attempt implements Dispatcher.DispatchHandler {
  readonly upstream: Upstream;
  readonly lane: Lane;
  readonly upload: Upload | null;
  readonly #journey: Journey;
  #over = false;
  #left = -1;
  #flushed = false;
  #resume: (() => void) | undefined;
  #throttle: Throttle | undefined;

  constructor(journey: Journey, upstream: Upstream, lane: Lane, upload: Upload | null) {
    this.#journey = journey;
    this.upstream = upstream;
    this.lane = lane;
    this.upload = upload;
  }

  /** Asks the upstream. */
  start(): void {
    const { context, exchange, decision } = this.#journey;
    const { readTimeoutMs } = decision.route.transport;
    send(
      this.lane,
      {
        ...backendHeaders(context, exchange, decision),
        method: decision.method ?? exchange.method,
        path: backendPath(decision, this.upstream),
        ...(decision.errorPage === undefined ? {} : { version: "1.0" }),
        body: this.upload,
        readTimeoutMs,
      },
      this,
    );
  }

  /** Breaks the connection to the upstream off: it is told by that. */
  stop(reason: Error): void {
    if (this.#over) return;
    this.#over = true;
    this.#throttle?.stop();
    this.#journey.context.pools.discard(this.lane, reason);
  }

  onConnect(): void {}

  /** `proxy_read_timeout 0`: whatever comes now comes late. undici takes 0 for no limit. */
  onRequestSent(): void {
    const { readTimeoutMs } = this.#journey.decision.route.transport;
    if (readTimeoutMs === 0)
      setImmediate(() => this.onError(new UpstreamTimeout("nothing is waited for (0 s)")));
  }

  onHeaders(status: number, raw: Buffer[], resume: () => void, text: string): boolean {
    if (this.#over || status < 200) return true;
    const { context, exchange, decision } = this.#journey;
    const { buffers } = decision.route.transport;
    if (buffers !== undefined) checkHead(raw, text, buffers.responseHeadBytes);
    if (!this.#journey.takes(this, status, raw)) return true;
    const { headers, length } = clientHeaders(context, exchange, decision, raw);
    this.#left = length;
    this.#resume = resume;
    const phrase = /^[\x20-\x7e]*$/.test(text) ? text : "";
    beginResponse(context, exchange, { status, text: phrase, headers, length });
    const limitRate = limitRateOf(raw, decision.route.transport);
    if (limitRate !== undefined)
      this.#throttle = new Throttle(limitRate, context.clock, {
        write: (piece) => (exchange.response as Writable).write(piece),
        whenDrained: (drained) => this.#whenDrained(drained),
        free: resume,
      });
    // Headers go out at once, with the first bytes of the body where those came along.
    process.nextTick(flushHead, this);
    return true;
  }

  onData(chunk: Buffer): boolean {
    if (this.#over) return true;
    const { exchange } = this.#journey;
    const { response } = exchange;
    exchange.bytes += chunk.length;
    this.#flushed = true;
    if (this.#throttle !== undefined) return this.#throttle.write(chunk);
    if (chunk.length === this.#left) {
      this.#left = 0;
      // As a string it goes out with the head in one write; one char a byte, so nothing is changed by that.
      if (chunk.length <= SMALL_BYTES && this.upload === null)
        response.end(chunk.toString("latin1"), "latin1");
      else response.end(chunk);
      return true;
    }
    this.#left -= chunk.length;
    const stream: Writable = response;
    if (stream.write(chunk)) return true;
    this.#whenDrained(() => this.#resume?.());
    return false;
  }

  /** Waits for a client that does not take what it was sent, and not for ever. */
  #whenDrained(drained: () => void): void {
    const { context, exchange } = this.#journey;
    const { response } = exchange;
    const stream: Writable = response;
    stream.once("timeout", this.#onStall).once("drain", () => {
      stream.off("timeout", this.#onStall);
      response.setTimeout(0);
      drained();
    });
    response.setTimeout(context.limits.writeIdleMs);
  }

  onComplete(): void {
    if (this.#over) return;
    if (this.#throttle === undefined) this.#end();
    else this.#throttle.end(() => this.#end());
  }

  #end(): void {
    this.#over = true;
    this.#flushed = true;
    this.#journey.ended(this);
  }

  onError(error: Error): void {
    if (this.#over) return;
    this.stop(error);
    const { context, exchange } = this.#journey;
    within(context, exchange, () => this.#journey.failed(this, error))();
  }

  /** Sends the head of a response whose body is late. */
  flush(): void {
    if (this.#flushed || this.#over) return;
    this.#flushed = true;
    const { response } = this.#journey.exchange;
    // In HTTP/2 the head is a frame of its own, and out already.
    if ("flushHeaders" in response) response.flushHeaders();
  }

  readonly #onStall = (): void => {
    this.onError(new Error("the client does not read the response"));
    this.#journey.exchange.connection.destroy();
  };
}

/** `HTTP/1.1 200 OK`, without the phrase. */
const STATUS_LINE_BYTES = "HTTP/1.1 200 \r\n".length;
/** `: ` and the end of the line. */
const BESIDE_HEADER_BYTES = ": \r\n".length;

/** nginx reads a head into one buffer: `proxy_buffer_size` (ngx_http_upstream_process_header). */
function checkHead(raw: readonly Buffer[], text: string, most: number): void {
  let bytes = STATUS_LINE_BYTES + text.length + 2 + (raw.length / 2) * BESIDE_HEADER_BYTES;
  for (const part of raw) bytes += part.length;
  if (bytes > most)
    throw new InvalidHeader(
      `upstream sent too big header: ${bytes} bytes, where proxy-buffer-size allows ${most}`,
    );
}

function flushHead(attempt: Attempt): void {
  attempt.flush();
}
