import type { Duplex } from "node:stream";
import { asError } from "../../contain.ts";
import { BodyReader } from "../../http1/body-reader.ts";
import { Deadline } from "../../http1/deadline.ts";
import { readInto } from "../../http1/reads.ts";
import type { Connected } from "./connect.ts";
import { framingOfAnswer } from "./http1-client/answer-framing.ts";
import { type AnswerHead, AnswerHeadReader } from "./http1-client/answer-head.ts";
import { headText } from "./http1-client/request-head.ts";
import { type RequestBody, RequestWriter } from "./http1-client/request-writer.ts";
import { wasReset } from "./http1-client/reset.ts";
import { InvalidHeader, ReadTimeout, UpstreamClosed } from "./upstream-fault.ts";

export interface Http1Request {
  readonly method: string;
  /** Path and query, rooted; one char per byte. */
  readonly path: string;
  /** default: 1.1 */
  readonly version?: "1.0" | undefined;
  /** All sent headers, names and values alternating, `Host` and `Content-Length` included. */
  readonly lines: readonly string[];
  readonly body: RequestBody;
  /** The announced length; `""`: none. */
  readonly length: string;
  /** For the head, and for each pause within the body. unit: ms */
  readonly readTimeoutMs: number;
  /** `proxy_buffer_size`. default: 64 KiB. unit: bytes */
  readonly headBytes?: number | undefined;
  /** The upstream may switch protocols. */
  readonly upgrade?: true | undefined;
}

/** Receives one answer in order: head, data, end; or `switched`; or a failure at any time. */
export interface Http1Handler {
  head(head: AnswerHead): void;
  /** `held`: the bytes are still used after the call. */
  data(bytes: Buffer): "held" | "free";
  end(): void;
  /** The connection belongs to the handler; `first` came after the head. */
  switched(head: AnswerHead, stream: Duplex, first: Buffer): void;
  fail(error: Error): void;
}

/** One request on its way. */
interface Turn {
  readonly request: Http1Request;
  readonly handler: Http1Handler;
}

const MOST_HEAD_BYTES = 65_536;

/** HTTP/1 on one connection to one upstream, for one request at a time. */
export class Http1Client {
  readonly #idleMs: number;
  readonly #connect: (connected: Connected) => void;
  readonly #closed: () => void;
  readonly #deadline = new Deadline(() => this.#expire());
  #stream: Duplex | undefined;
  #reads: ReturnType<typeof readInto> | undefined;
  #turn: Turn | undefined;
  #writer: RequestWriter | undefined;
  #isWritten = false;
  #isPaused = false;
  #reader: AnswerHeadReader | undefined;
  #body: BodyReader | undefined;
  #isUntilClose = false;
  #isKeptOpen = false;
  #isOver = false;

  /**
   * @param idleMs lifetime of a connection without requests
   * @param closed called when no further request can be sent
   */
  constructor(idleMs: number, connect: (connected: Connected) => void, closed: () => void) {
    this.#idleMs = idleMs;
    this.#connect = connect;
    this.#closed = closed;
  }

  /** No further request can be sent. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Sends a request, and connects for the first. The handler hears of failures. */
  send(request: Http1Request, handler: Http1Handler): void {
    let text: string;
    try {
      text = headText(request, request.lines);
    } catch (error) {
      handler.fail(asError(error));
      return;
    }
    this.#turn = { request, handler };
    if (this.#stream !== undefined) {
      this.#begin(this.#stream, request, text);
      return;
    }
    this.#connect((error, stream) => {
      if (this.#isOver) stream?.destroy();
      else if (stream === null) this.#fail(error ?? new Error("there is no connection"));
      else {
        this.#attach(stream);
        this.#begin(stream, request, text);
      }
    });
  }

  /** Stops reading, and waiting, until `resume`. */
  pause(): void {
    this.#isPaused = true;
    this.#deadline.clear();
    this.#stream?.pause();
  }

  resume(): void {
    this.#isPaused = false;
    if (this.#turn !== undefined) this.#await(this.#turn.request);
    this.#stream?.resume();
  }

  /** Closes the connection with its request, without a word to the handler. */
  destroy(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#turn = undefined;
    this.#deadline.stop();
    this.#writer?.stop();
    this.#reads?.stop();
    this.#stream?.destroy();
    this.#closed();
  }

  #attach(stream: Duplex): void {
    this.#stream = stream;
    this.#reads = readInto(stream, this.#onBytes);
    stream.on("end", this.#onEnd).on("error", this.#onError).on("close", this.#onClose);
  }

  #begin(stream: Duplex, request: Http1Request, text: string): void {
    this.#deadline.clear();
    this.#isWritten = false;
    this.#body = undefined;
    this.#reader = new AnswerHeadReader();
    const { body, length } = request;
    this.#writer = new RequestWriter(stream, { text, body, length }, this.#writing);
    this.#writer.start();
  }

  readonly #writing = {
    written: (): void => {
      this.#isWritten = true;
      if (this.#turn !== undefined) this.#await(this.#turn.request);
    },
    failed: (error: Error): void => this.#fail(error),
  };

  /** The next bytes have to come in time; before the request is sent they need not. */
  #await({ readTimeoutMs }: Http1Request): void {
    if (this.#isPaused || !(this.#isWritten || this.#body !== undefined)) return;
    if (readTimeoutMs > 0) this.#deadline.set(readTimeoutMs);
    else this.#refuseAny();
  }

  /** With `proxy_read_timeout 0` any answer is too late. */
  #refuseAny(): void {
    const turn = this.#turn;
    setImmediate(() => {
      if (turn !== undefined && turn === this.#turn) this.#fail(ReadTimeout.after(0));
    });
  }

  #expire(): void {
    if (this.#turn === undefined) this.destroy();
    else this.#fail(ReadTimeout.after(this.#turn.request.readTimeoutMs));
  }

  readonly #onBytes = (bytes: Buffer): "held" | "free" => {
    const turn = this.#turn;
    if (turn === undefined) {
      // Nobody asked.
      this.destroy();
      return "free";
    }
    this.#await(turn.request);
    try {
      return this.#read(turn, bytes);
    } catch (error) {
      if (!(error instanceof InvalidHeader)) throw error;
      this.#fail(error);
      return "free";
    }
  };

  #read(turn: Turn, bytes: Buffer): "held" | "free" {
    let at = 0;
    while (this.#body === undefined) {
      const reader = this.#reader;
      const head = reader?.read(bytes, at);
      if (reader === undefined || head === undefined) {
        this.#checkHeadSize(turn.request, reader?.size ?? 0);
        return "free";
      }
      at = reader.taken;
      if (head.status === 101 && turn.request.upgrade) {
        this.#switch(turn.handler, head, bytes.subarray(at));
        return "free";
      }
      if (head.status < 200) this.#skip(head);
      else this.#take(turn, head);
      if (this.#isOver) return "free";
    }
    return this.#readBody(turn.handler, this.#body, bytes, at);
  }

  #checkHeadSize({ headBytes = MOST_HEAD_BYTES }: Http1Request, size: number): void {
    if (size >= headBytes)
      throw new InvalidHeader(
        `upstream sent too big header: more than the ${headBytes} bytes that proxy-buffer-size allows`,
      );
  }

  /** An answer before the answer (RFC 9110 section 15.2). */
  #skip({ status }: AnswerHead): void {
    if (status < 100 || status === 101)
      throw new InvalidHeader(`the upstream answered with the status ${status}`);
    this.#reader = new AnswerHeadReader();
  }

  #take({ request, handler }: Turn, head: AnswerHead): void {
    const { framing, isKeptOpen } = framingOfAnswer(head, request.method);
    this.#isKeptOpen = isKeptOpen;
    this.#isUntilClose = framing === "until-close";
    this.#reader = undefined;
    this.#body = new BodyReader(framing === "until-close" ? Number.POSITIVE_INFINITY : framing);
    // The rest of the answer has to come in time, however slowly the client sends the request.
    if (!this.#isWritten) this.#await(request);
    handler.head(head);
  }

  #readBody(handler: Http1Handler, body: BodyReader, bytes: Buffer, from: number): "held" | "free" {
    // All pieces are looked at first: of a read with a fault nginx sends nothing.
    const pieces: Buffer[] = [];
    const at = body.read(bytes, from, (piece) => pieces.push(piece));
    if (body.broken) throw new InvalidHeader("the upstream sent an invalid chunk");
    let use: "held" | "free" = "free";
    for (const piece of pieces) if (!this.#isOver && handler.data(piece) === "held") use = "held";
    if (body.ended && !this.#isOver) this.#finish(at === bytes.length);
    return use;
  }

  /** @param isClean no byte came behind the answer: it would belong to nobody */
  #finish(isClean: boolean): void {
    const turn = this.#turn;
    this.#turn = undefined;
    this.#isPaused = false;
    this.#reads?.calm();
    const stream = this.#stream;
    if (isClean && this.#isKeptOpen && this.#isWritten && stream?.writable && stream.readable) {
      this.#deadline.set(this.#idleMs);
      stream.resume();
    } else this.destroy();
    turn?.handler.end();
  }

  #switch(handler: Http1Handler, head: AnswerHead, first: Buffer): void {
    const stream = this.#stream;
    if (stream === undefined) return;
    this.#isOver = true;
    this.#turn = undefined;
    this.#deadline.stop();
    this.#reads?.stop();
    stream.off("end", this.#onEnd).off("error", this.#onError).off("close", this.#onClose);
    this.#closed();
    handler.switched(head, stream, first);
  }

  readonly #onEnd = (): void => {
    const stream = this.#stream;
    const isWhole = this.#turn !== undefined && this.#body !== undefined && this.#isUntilClose;
    if (isWhole && stream !== undefined && !wasReset(stream)) this.#finish(false);
    else this.#fail(new UpstreamClosed());
  };

  readonly #onError = (error: Error): void => this.#fail(error);

  readonly #onClose = (): void => this.#fail(new UpstreamClosed());

  #fail(error: Error): void {
    const turn = this.#turn;
    this.destroy();
    turn?.handler.fail(error);
  }
}
