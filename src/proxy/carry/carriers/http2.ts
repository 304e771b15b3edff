import { type ClientHttp2Stream, constants as http2, type OutgoingHttpHeaders } from "node:http2";
import { asError, contain } from "../../../contain.ts";
import type { BodySource } from "../../connect/body-source.ts";
import type { Http2Lane, Http2Sessions } from "../../connect/http2-sessions.ts";
import { ReadTimeout } from "../../connect/upstream-fault.ts";
import type { Carrier, Refresh, Sink, TryTarget } from "../carrier.ts";

export interface Http2Request {
  readonly head: OutgoingHttpHeaders;
  /** Opens the body; `undefined`: none */
  readonly body: (() => BodySource) | undefined;
}

/**
 * HTTP/2 on a shared connection, from the first byte: nginx's `grpc_pass`, with trailers and streaming both
 * ways.
 */
export class Http2Carrier implements Carrier {
  readonly spokenBy = "grpc";
  readonly #sessions: Http2Sessions;
  readonly #target: TryTarget;
  readonly #request: Http2Request;
  readonly #sink: Sink;
  #lane: Http2Lane | undefined;
  #stream: ClientHttp2Stream | undefined;
  #upload: BodySource | undefined;
  #cause: Error | undefined;
  #over = false;

  constructor(sessions: Http2Sessions, target: TryTarget, request: Http2Request, sink: Sink) {
    this.#sessions = sessions;
    this.#target = target;
    this.#request = request;
    this.#sink = sink;
  }

  start(): void {
    const { upstream, connectTimeoutMs } = this.#target;
    this.#sessions.take(upstream, connectTimeoutMs, (error, lane) => {
      if (lane === null) this.#fail(error ?? new Error("there is no connection"));
      else if (this.#over) this.#sessions.release(lane);
      else this.#send(lane);
    });
  }

  /** Resets the stream; the connection stays. */
  stop(): void {
    if (this.#over) return;
    this.#over = true;
    const stream = this.#stream;
    this.#upload?.stop();
    if (stream !== undefined && !stream.closed) stream.close(http2.NGHTTP2_CANCEL);
    if (this.#lane !== undefined) this.#sessions.release(this.#lane);
  }

  pause(): void {
    this.#stream?.pause().setTimeout(0);
  }

  resume(): void {
    if (!this.#over) this.#stream?.setTimeout(this.#target.readTimeoutMs);
    this.#stream?.resume();
  }

  #send(lane: Http2Lane): void {
    this.#lane = lane;
    const { head, body } = this.#request;
    let stream: ClientHttp2Stream;
    try {
      stream = lane.session.request(head, { endStream: body === undefined });
    } catch (error) {
      this.#fail(asError(error));
      return;
    }
    this.#stream = stream;
    contain(stream, (fault) => this.#fail(asError(fault)));
    this.#listen(stream);
    if (body !== undefined) this.#sendBody(stream, body());
  }

  #sendBody(stream: ClientHttp2Stream, body: BodySource): void {
    this.#upload = body;
    stream.on("drain", () => body.resume());
    body.start({
      data(bytes) {
        if (!stream.write(bytes)) body.pause();
        return "held";
      },
      end: () => stream.end(),
      failed: (error) => this.#fail(error),
    });
  }

  #listen(stream: ClientHttp2Stream): void {
    const { readTimeoutMs } = this.#target;
    stream.on("timeout", () => {
      this.#cause = new ReadTimeout(`nothing was sent or received for ${readTimeoutMs} ms`);
      stream.close(http2.NGHTTP2_CANCEL);
    });
    stream.setTimeout(readTimeoutMs);
    stream.on("response", (_: unknown, flags: number, raw: string[]) => this.#begin(stream, flags, raw));
    stream.on("trailers", (_: unknown, __: number, raw: string[]) => {
      if (!this.#over) this.#sink.trailers(raw);
    });
    stream.on("error", (error: Error) => {
      this.#cause ??= error;
    });
    stream.on("close", () => this.#fail(this.#cause ?? resetError(stream.rstCode)));
  }

  #begin(stream: ClientHttp2Stream, flags: number, raw: string[]): void {
    if (this.#over) return;
    const [name, value] = raw;
    const status = name === ":status" ? Number(value) : 0;
    if (status < 200) {
      this.#fail(new Error(`the upstream answered with the status ${value}`));
      return;
    }
    const bare = (flags & http2.NGHTTP2_FLAG_END_STREAM) !== 0 ? true : undefined;
    const headers = raw.slice(2);
    this.#sink.head({ status, raw: headers, bytes: headBytes(headers), bare });
    if (this.#over) return;
    // Not earlier: Node may deliver body bytes before the head.
    stream.on("data", (chunk: Buffer) => {
      if (!this.#over) this.#sink.data(chunk);
    });
    // Node also ends the body of a reset stream; "close" tells the difference.
    stream.on("end", () => {
      if (stream.rstCode === undefined || stream.rstCode === http2.NGHTTP2_NO_ERROR) this.#end();
    });
  }

  #end(): void {
    if (this.#over) return;
    this.stop();
    this.#sink.end();
  }

  #fail(error: Error): void {
    if (this.#over) return;
    const refresh = this.#refresh();
    this.stop();
    this.#sink.fail(error, refresh);
  }

  #refresh(): Refresh | undefined {
    if (this.#stream?.rstCode === http2.NGHTTP2_REFUSED_STREAM) return "unprocessed";
    return this.#lane?.served === true && this.#lane.session.destroyed ? "stale" : undefined;
  }
}

/** The size of a header list (RFC 9113 section 10.5.1). */
function headBytes(raw: readonly string[]): number {
  let bytes = 0;
  for (const part of raw) bytes += part.length;
  return bytes + (raw.length / 2) * 32;
}

/** RFC 9113 section 7, by number. */
const ERROR_CODES = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
  "INADEQUATE_SECURITY",
  "HTTP_1_1_REQUIRED",
];

function resetError(code = 0): Error {
  return new Error(`the upstream broke the stream off (${ERROR_CODES[code] ?? code})`);
}
