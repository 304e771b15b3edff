import type { ServerResponse } from "node:http";
import { AnswerEvents } from "../http1/answer-events.ts";
import type { ClientRequest } from "../http1/client-request.ts";
import { encodeStatus } from "./hpack/encoder.ts";
import { Page } from "./page.ts";

/** An answer that waits for the client keeps this much. unit: bytes */
const MOST_BYTES = 65_536;

/** Sends an answer on its stream. */
export interface AnswerStream {
  /** Of the body, that wait. */
  readonly waiting: number;
  headers(block: string, follows: "end" | "more"): void;
  data(bytes: Buffer): void;
  /** default: no trailers */
  end(trailers: string | undefined): void;
  /** The owner is told once there is room again. */
  waitForRoom(): void;
  /** Ends it visibly: `now`, or behind what may be sent. */
  reset(when: "now" | "behind"): void;
}

/** A response on HTTP/2: a `pass`, whose head is a header block, or a `page` of ours. */
export class Http2Response extends AnswerEvents {
  readonly #request: ClientRequest;
  readonly #stream: AnswerStream;
  #page: ServerResponse | undefined;
  #headersSent = false;
  #isEnded = false;
  #hasBody = true;
  /** A header block. default: there are none */
  #trailers: string | undefined;

  constructor(request: ClientRequest, stream: AnswerStream) {
    super();
    this.#request = request;
    this.#stream = stream;
  }

  /** For an answer of ours: a head and its body. */
  get page(): ServerResponse {
    this.#page ??= new Page(this.#request.message, this);
    return this.#page;
  }

  get headersSent(): boolean {
    return this.#headersSent;
  }

  get writableEnded(): boolean {
    return this.#isEnded;
  }

  /** Begins an answer; `none`: it ends with its head. */
  pass(block: string, body: "some" | "none"): void {
    this.#headersSent = true;
    this.#hasBody = body === "some";
    this.#stream.headers(block, this.#hasBody ? "more" : "end");
  }

  write(bytes: Buffer): boolean {
    if (!this.#hasBody || this.#isEnded) return true;
    this.#stream.data(bytes);
    if (this.#stream.waiting <= MOST_BYTES) return true;
    this.#stream.waitForRoom();
    return false;
  }

  end(bytes?: Buffer): this {
    if (this.#isEnded) return this;
    if (bytes !== undefined && this.#hasBody) this.#stream.data(bytes);
    this.#isEnded = true;
    if (this.#hasBody) this.#stream.end(this.#trailers);
    return this;
  }

  /** @param block sent behind the body */
  addTrailers(block: string): void {
    this.#trailers = block;
  }

  /** An answer before the answer (RFC 9110 section 10.1.1). */
  writeContinue(): void {
    if (!this.#headersSent) this.#stream.headers(encodeStatus(100), "more");
  }

  /** The connection itself watches for a client that does not read. */
  setTimeout(): void {}

  destroy(): void {
    this.#stream.reset("now");
  }

  /** Sends what was written, without an end. */
  cutOff(): void {
    this.#stream.reset("behind");
  }

  stalled(): void {
    this.emit("timeout");
  }

  drained(): void {
    this.emit("drain");
  }
}
