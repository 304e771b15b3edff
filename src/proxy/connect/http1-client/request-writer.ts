import type { Duplex } from "node:stream";
import { isWritten } from "../../../http1/reads.ts";
import type { BodySource, BodyTaker } from "../body-source.ts";

/** The body of a request: streamed, whole, or none. */
export type RequestBody = BodySource | Buffer | null;

export interface RequestToWrite {
  /** The head without its end; one char per byte. */
  readonly text: string;
  readonly body: RequestBody;
  /** The announced length; `""`: the head announces none. */
  readonly length: string;
}

export interface WritingOwner {
  /** The request is handed to the connection whole. */
  written(): void;
  /** The client's body failed. */
  failed(error: Error): void;
}

/** A body this small shares one write with the head. unit: bytes */
const SMALL_BYTES = 16_384;

/** Writes one request. A body without a length is sent in chunks, an empty one as none. */
export class RequestWriter implements BodyTaker {
  readonly #stream: Duplex;
  readonly #owner: WritingOwner;
  readonly #body: RequestBody;
  readonly #isChunked: boolean;
  /** The head while it waits for the body's first bytes. */
  #text: string;
  /** Rest by the announced length. */
  #left: number;
  #isOver = false;

  constructor(stream: Duplex, { text, body, length }: RequestToWrite, owner: WritingOwner) {
    this.#stream = stream;
    this.#owner = owner;
    this.#body = body;
    this.#text = text;
    this.#isChunked = length === "";
    this.#left = this.#isChunked ? Number.POSITIVE_INFINITY : Number(length);
  }

  start(): void {
    const body = this.#body;
    if (body === null) {
      this.#write("\r\n");
      this.#finish();
    } else if (Buffer.isBuffer(body)) {
      this.#take(body);
      this.#end();
    } else {
      this.#stream.on("drain", this.#onDrain);
      body.start(this);
    }
  }

  /** Nothing more is written. */
  stop(): void {
    this.#isOver = true;
    const body = this.#body;
    if (body === null || Buffer.isBuffer(body)) return;
    this.#stream.off("drain", this.#onDrain);
    body.stop();
  }

  data(bytes: Buffer): "held" | "free" {
    const isFree = this.#take(bytes);
    if (this.#isOver || isWritten(this.#stream)) return "free";
    if (!isFree) (this.#body as BodySource).pause();
    return "held";
  }

  end(): void {
    this.#end();
  }

  failed(error: Error): void {
    if (this.#isOver) return;
    this.stop();
    this.#owner.failed(error);
  }

  readonly #onDrain = (): void => (this.#body as BodySource).resume();

  /** Writes a piece of the body. False: the connection takes no more for now. */
  #take(bytes: Buffer): boolean {
    if (bytes.length === 0) return true;
    this.#left -= bytes.length;
    if (this.#left < 0) {
      this.stop();
      this.#owner.failed(new Error("the body is longer than its Content-Length"));
      return false;
    }
    const isFirst = this.#text !== "";
    if (!this.#isChunked) return this.#send(isFirst ? "\r\n" : "", bytes, "");
    const size = `${bytes.length.toString(16)}\r\n`;
    return this.#send(isFirst ? `Transfer-Encoding: chunked\r\n\r\n${size}` : size, bytes, "\r\n");
  }

  /** Writes a piece with the text around it: a small one with it as one text, a large one as it is. */
  #send(before: string, bytes: Buffer, behind: string): boolean {
    if (bytes.length <= SMALL_BYTES && (before !== "" || behind !== ""))
      return this.#write(before + bytes.toString("latin1") + behind);
    const stream = this.#stream;
    stream.cork();
    if (before !== "") this.#write(before);
    const isFree = stream.write(bytes);
    if (behind !== "") stream.write(behind, "latin1");
    stream.uncork();
    return isFree;
  }

  #end(): void {
    if (this.#isOver) return;
    if (this.#left > 0 && !this.#isChunked) {
      this.stop();
      this.#owner.failed(new Error("the body is shorter than its Content-Length"));
      return;
    }
    const isHeadWritten = this.#text === "";
    if (this.#isChunked) this.#write(isHeadWritten ? "0\r\n\r\n" : "Content-Length: 0\r\n\r\n");
    else if (!isHeadWritten) this.#write("\r\n");
    this.#finish();
  }

  #finish(): void {
    this.stop();
    this.#owner.written();
  }

  /** Writes text behind the head, if that still waits. */
  #write(text: string): boolean {
    const whole = this.#text + text;
    this.#text = "";
    return this.#stream.write(whole, "latin1");
  }
}
