import { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { AnswerEvents } from "./answer-events.ts";
import type { ClientRequest } from "./client-request.ts";

/** What shows a client the end of a passed answer's body; `none`: there is no body. */
export type PassedFraming = "length" | "chunks" | "close" | "none";

/** A piece of a body this small is joined with what waits before it. unit: bytes */
const SMALL_BYTES = 16_384;

/**
 * A response on HTTP/1: `pass`, for answers of others, whose heads are not Node's to judge, with head and small body in one
 * write, and large pieces as they are; or a `page` of ours, which Node writes. Its `drain` and `timeout` are its socket's.
 */
export class ClientResponse extends AnswerEvents {
  /** default: it has left its connection */
  socket: Socket | null;
  /** The client's wish, and our limits. */
  shouldKeepAlive = true;
  readonly #request: ClientRequest;
  readonly #whenFinished: () => void;
  #page: ServerResponse | undefined;
  /** default: nothing is passed */
  #framing: PassedFraming | undefined;
  /** Waits for more, at most until the next tick. One char per byte. */
  #text = "";
  #trailer = "";
  #isFlushing = false;
  #isEnded = false;

  /** @param whenFinished called once everything is handed to the socket */
  constructor(request: ClientRequest, socket: Socket, whenFinished: () => void) {
    super();
    this.#request = request;
    this.socket = socket;
    this.#whenFinished = whenFinished;
  }

  /** For an answer that Node writes. */
  get page(): ServerResponse {
    this.#page ??= this.#makePage();
    return this.#page;
  }

  #makePage(): ServerResponse {
    const { message, httpVersionMajor, httpVersionMinor } = this.#request;
    const page = new ServerResponse(message);
    if (httpVersionMajor === 0 || httpVersionMinor === 0) page.useChunkedEncodingByDefault = false;
    page.shouldKeepAlive = this.shouldKeepAlive;
    if (this.socket !== null) page.assignSocket(this.socket);
    page.on("error", () => {});
    page.on("finish", () => this.finish());
    return page;
  }

  get headersSent(): boolean {
    return this.#framing !== undefined || this.#page?.headersSent === true;
  }

  get writableEnded(): boolean {
    return this.#isEnded || this.#page?.writableEnded === true;
  }

  /** Begins an answer; `head` is complete, with one char per byte. */
  pass(head: string, framing: PassedFraming): void {
    this.#framing = framing;
    this.#wait(head);
  }

  write(bytes: Buffer): boolean {
    return this.#framing === "none" || this.#body(bytes);
  }

  end(bytes?: Buffer): this {
    if (this.#isEnded) return this;
    if (bytes !== undefined && this.#framing !== "none") this.#body(bytes);
    if (this.#framing === "chunks") this.#text += `0\r\n${this.#trailer}\r\n`;
    this.#isEnded = true;
    const { socket } = this;
    if (socket === null) return this;
    // The last write tells its own end: TLS writes later, and an empty write behind it would be a system call more.
    if (this.#text !== "" && socket.writable) socket.write(this.#takeText(), "latin1", () => this.finish());
    else if (socket.writableLength === 0) process.nextTick(finish, this);
    else socket.write("", () => this.finish());
    return this;
  }

  addTrailers(lines: readonly (readonly [string, string])[]): void {
    for (const [name, value] of lines) this.#trailer += `${name}: ${value}\r\n`;
  }

  /** An answer before the answer (RFC 9110 section 10.1.1). */
  writeContinue(): void {
    this.socket?.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
  }

  /** Of the socket. */
  setTimeout(ms: number): void {
    this.socket?.setTimeout(ms);
  }

  destroy(error?: Error): void {
    this.socket?.destroy(error);
  }

  #body(bytes: Buffer): boolean {
    const { socket } = this;
    if (!socket?.writable || bytes.length === 0) return true;
    const isChunk = this.#framing === "chunks";
    if (bytes.length <= SMALL_BYTES && (isChunk || this.#text !== "")) {
      const text = bytes.toString("latin1");
      this.#wait(isChunk ? `${bytes.length.toString(16)}\r\n${text}\r\n` : text);
      return !socket.writableNeedDrain;
    }
    if (isChunk) this.#text += `${bytes.length.toString(16)}\r\n`;
    if (this.#text === "") return socket.write(bytes);
    socket.cork();
    this.#flush();
    const isFree = socket.write(bytes);
    if (isChunk) socket.write("\r\n", "latin1");
    socket.uncork();
    return isFree;
  }

  #wait(text: string): void {
    this.#text += text;
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    process.nextTick(flush, this);
  }

  /** Writes what waits. */
  #flush(): void {
    const text = this.#takeText();
    if (text !== "" && this.socket?.writable) this.socket.write(text, "latin1");
  }

  #takeText(): string {
    const text = this.#text;
    this.#text = "";
    return text;
  }

  flushWaiting(): void {
    this.#isFlushing = false;
    this.#flush();
  }

  finish(): void {
    try {
      this.#whenFinished();
    } catch (fault) {
      if (this.caught === undefined) throw fault;
      this.caught(fault);
    }
  }

  /** Leaves the socket to others. */
  release(): void {
    if (this.socket !== null) this.#page?.detachSocket(this.socket);
    this.socket = null;
  }
}

function flush(response: ClientResponse): void {
  response.flushWaiting();
}

function finish(response: ClientResponse): void {
  response.finish();
}
