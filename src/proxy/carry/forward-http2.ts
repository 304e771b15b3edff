import { type ClientHttp2Stream, Http2ServerResponse, constants as http2 } from "node:http2";
import type { Writable } from "node:stream";
import { asError } from "../../contain.ts";
import type { Upstream } from "../../model/upstream.ts";
import { causeOf, UpstreamTimeout } from "../connect/connect.ts";
import type { Http2Lane } from "../connect/http2-sessions.ts";
import type { ProxyContext } from "../exchange/context.ts";
import { type Errand, type Exchange, isIdempotent } from "../exchange/exchange.ts";
import { failureOf, isUnsent, kindOf } from "../exchange/failure.ts";
import { containAll } from "../exchange/fault.ts";
import { asHttp2 } from "../exchange/header-lines.ts";
import { beginResponse, cutOff, discardBody } from "../exchange/reply.ts";
import { accelRedirect } from "./accel.ts";
import { bodyOf, type Forward } from "./backend-request.ts";
import { choose } from "./choose.ts";
import { requestHead, resetError } from "./http2-request.ts";
import { clientHeaders } from "./response-head.ts";
import { responseHeaders } from "./response-headers.ts";
import type { ClientBody } from "./upload.ts";

/** What nginx logs for a client that left before it was answered. */
const CLIENT_LEFT = 499;

/** Whether an upstream is spoken to by HTTP/2 (`backend-protocol: GRPC` and `GRPCS`). */
export function isHttp2({ protocol }: Upstream): boolean {
  return protocol === "grpc" || protocol === "grpcs";
}

/**
 * Sends a request on to an upstream that speaks HTTP/2, as nginx's `grpc_pass` does: whatever the client speaks, with
 * bodies as they come both ways, and the response's trailers.
 */
export function forwardHttp2(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
): void {
  const forwarding = new Http2Forwarding(context, exchange, decision, upstream);
  exchange.errand = forwarding;
  forwarding.send();
}

/** One request on its way to an upstream and back. Lives until the response has ended, on either side. */
class Http2Forwarding implements Errand {
  readonly #context: ProxyContext;
  readonly #exchange: Exchange;
  readonly #decision: Forward;
  readonly #tried: string[] = [];
  #upstream: Upstream;
  readonly #body: ClientBody | undefined;
  #lane: Http2Lane | undefined;
  #stream: ClientHttp2Stream | undefined;
  #trailers: string[] = [];
  #refreshed = false;
  #over = false;

  constructor(context: ProxyContext, exchange: Exchange, decision: Forward, upstream: Upstream) {
    this.#context = context;
    this.#exchange = exchange;
    this.#decision = decision;
    this.#upstream = upstream;
    this.#body = bodyOf(context, exchange, decision);
  }

  send(): void {
    const { connectTimeoutMs } = this.#decision.route.transport;
    this.#context.http2.take(this.#upstream, connectTimeoutMs, (error, lane) => {
      if (lane === null) this.fail(error ?? new Error("there is no connection"));
      else if (this.#over) this.#context.http2.release(lane);
      else this.#sendOn(lane);
    });
  }

  #sendOn(lane: Http2Lane): void {
    this.#lane = lane;
    const upload = this.#body?.open();
    const head = requestHead(this.#context, this.#exchange, this.#decision, this.#upstream);
    let stream: ClientHttp2Stream;
    try {
      stream = lane.session.request(head, { endStream: upload === undefined });
    } catch (error) {
      this.fail(asError(error));
      return;
    }
    this.#stream = stream;
    containAll(this.#context, this.#exchange, stream);
    this.#listen(stream);
    upload?.on("error", (error) => {
      if (this.#stream === stream) this.fail(error);
    });
    upload?.pipe(stream);
  }

  #listen(stream: ClientHttp2Stream): void {
    const { readTimeoutMs } = this.#decision.route.transport;
    let cause: Error | undefined;
    stream.setTimeout(readTimeoutMs, () => {
      cause = new UpstreamTimeout(`nothing was sent or received for ${readTimeoutMs} ms`);
      stream.close(http2.NGHTTP2_CANCEL);
    });
    stream.on("response", (_: unknown, flags: number, raw: string[]) => this.#begin(stream, flags, raw));
    stream.on("trailers", (_: unknown, __: number, raw: string[]) => {
      this.#trailers = raw;
    });
    stream.on("error", (error: Error) => {
      cause ??= error;
    });
    stream.on("close", () => {
      if (this.#stream === stream) this.fail(cause ?? resetError(stream.rstCode));
    });
  }

  #begin(stream: ClientHttp2Stream, flags: number, raw: string[]): void {
    if (this.#over) return;
    const [name, value] = raw;
    const status = name === ":status" ? Number(value) : 0;
    if (status < 200) {
      this.fail(new Error(`the upstream answered with the status ${value}`));
      return;
    }
    const target = accelRedirect(raw);
    if (target !== undefined) {
      this.#finish();
      this.#body?.close();
      this.#context.inside(this.#exchange, this.#decision, target, raw);
      return;
    }
    const { headers, length } = clientHeaders(
      this.#context,
      this.#exchange,
      this.#decision,
      raw.slice(2),
      "grpc",
    );
    // Headers alone, gRPC's "Trailers-Only": nginx says that no body follows.
    const bare = (flags & http2.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (bare && length < 0) headers.push("Content-Length", "0");
    const text = this.#exchange.plane.phrase(status);
    const { response } = this.#exchange;
    try {
      if (bare && response instanceof Http2ServerResponse) {
        response.stream.respond({ ":status": status, ...asHttp2(headers) }, { endStream: true });
        this.#exchange.status = status;
      } else
        beginResponse(this.#context, this.#exchange, { status, text, headers, length: bare ? 0 : length });
    } catch (error) {
      this.fail(asError(error));
      return;
    }
    if ("flushHeaders" in response) response.flushHeaders();
    // Not before: Node may tell of the first bytes of a body ahead of the head.
    stream.on("data", (chunk: Buffer) => this.#pass(stream, chunk));
    // Node ends the body of a stream that was reset as well: what comes after says that it was.
    stream.on("end", () => {
      if (stream.rstCode === undefined || stream.rstCode === http2.NGHTTP2_NO_ERROR) this.#complete();
    });
  }

  #pass(stream: ClientHttp2Stream, chunk: Buffer): void {
    if (this.#over) return;
    const { response } = this.#exchange;
    this.#exchange.bytes += chunk.length;
    const sink: Writable = response;
    if (sink.write(chunk)) return;
    stream.pause();
    const stalled = () => {
      this.fail(new Error("the client does not read the response"));
      this.#exchange.connection.destroy();
    };
    const timer = setTimeout(stalled, this.#context.limits.writeIdleMs);
    const clear = () => clearTimeout(timer);
    stream.once("close", clear);
    sink.once("drain", () => {
      clear();
      stream.off("close", clear).resume();
    });
  }

  #complete(): void {
    if (this.#over || this.#exchange.status === 0) return;
    this.#finish();
    this.#body?.close();
    const { response } = this.#exchange;
    const { kept } = responseHeaders(this.#exchange.plane, this.#trailers, "grpc");
    if (response instanceof Http2ServerResponse) response.addTrailers(asHttp2(kept));
    else response.addTrailers(pairs(kept));
    response.end();
    discardBody(this.#context, this.#exchange);
    this.#context.tell(this.#exchange);
  }

  fail(error: Error): void {
    if (this.#over) return;
    const refresh = this.#mayRefresh();
    this.#refreshed ||= refresh;
    const next = refresh ? this.#upstream : this.#another(error);
    this.#drop();
    if (next !== undefined) {
      this.#upstream = next;
      this.send();
      return;
    }
    this.#finish();
    this.#body?.close();
    const exchange = this.#exchange;
    exchange.error = causeOf(error);
    if (exchange.status === 0 && !exchange.response.headersSent) {
      this.#context.answer(exchange, failureOf(this.#decision, this.#upstream, error, this.#tried.length));
      return;
    }
    this.#context.tell(exchange);
    cutOff(exchange.response);
  }

  /** The upstream is told by a reset of the stream; the connection is not touched. */
  abandon(): void {
    if (this.#over) return;
    this.#finish();
    this.#body?.close();
    this.#exchange.error = "the client closed the connection";
    if (this.#exchange.status === 0) this.#exchange.status = CLIENT_LEFT;
    this.#context.tell(this.#exchange);
  }

  #finish(): void {
    this.#over = true;
    this.#exchange.errand = undefined;
    this.#drop();
  }

  /** Lets go of the stream: one that is still open is cancelled. */
  #drop(): void {
    const stream = this.#stream;
    if (stream !== undefined && !stream.closed) stream.close(http2.NGHTTP2_CANCEL);
    if (this.#lane !== undefined) this.#context.http2.release(this.#lane);
    this.#lane = undefined;
    this.#stream = undefined;
  }

  /** A request that the upstream has not processed (RFC 9113 section 8.7), or whose connection had served before. */
  #mayRefresh(): boolean {
    if (this.#refreshed || this.#exchange.status !== 0 || this.#body?.whole === false) return false;
    const refused = this.#stream?.rstCode === http2.NGHTTP2_REFUSED_STREAM;
    const stale = this.#lane?.served === true && this.#lane.session.destroyed;
    return refused || (stale && isIdempotent(this.#exchange.method));
  }

  /** `grpc_next_upstream error timeout`, which ingress-nginx leaves as it is: another upstream, where there is one. */
  #another(error: Error): Upstream | undefined {
    const kind = kindOf(error);
    if (this.#exchange.status !== 0 || (kind !== "error" && kind !== "timeout")) return undefined;
    if (!isUnsent(error) && !(isIdempotent(this.#exchange.method) && this.#body?.whole !== false))
      return undefined;
    this.#tried.push(this.#upstream.name);
    const resolution = choose(this.#context, this.#exchange, this.#decision, this.#tried);
    if (resolution.kind === "upstream" && !this.#tried.includes(resolution.upstream.name))
      return resolution.upstream;
    this.#exchange.upstream = this.#upstream.name;
    return undefined;
  }
}

function pairs(flat: readonly string[]): [string, string][] {
  const found: [string, string][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) found.push([flat[i] ?? "", flat[i + 1] ?? ""]);
  return found;
}
