import { ServerResponse } from "node:http";

/** What shows a client the end of a passed answer's body; `none`: there is no body. */
export type PassedFraming = "length" | "chunks" | "close" | "none";

/** A piece of a body this small is joined with what waits before it. unit: bytes */
const SMALL_BYTES = 16_384;

/**
 * A response on HTTP/1. Node's own way of writing, for pages; and `pass`, for answers of others, whose heads are not
 * Node's to judge: head and small body are one write, and large pieces go to the socket as they are.
 */
export class ClientResponse extends ServerResponse {
  /** default: Node writes */
  #framing: PassedFraming | undefined;
  /** Waits for more, at most until the next tick. One char per byte. */
  #text = "";
  #trailer = "";
  #isFlushing = false;

  /** Begins an answer; `head` is complete, with one char per byte. */
  pass(head: string, framing: PassedFraming): void {
    this.#framing = framing;
    this.#wait(head);
  }

  /** Of a passed answer: bytes alone. */
  override write(bytes: unknown, encoding?: unknown, written?: unknown): boolean {
    if (this.#framing === undefined)
      return super.write(bytes, encoding as BufferEncoding, written as () => void);
    return this.#framing === "none" || this.#body(bytes as Buffer);
  }

  override end(bytes?: unknown, encoding?: unknown, written?: unknown): this {
    if (this.#framing === undefined)
      return super.end(bytes, encoding as BufferEncoding, written as () => void);
    if (this.finished) return this;
    if (bytes !== undefined && this.#framing !== "none") this.#body(bytes as Buffer);
    if (this.#framing === "chunks") this.#text += `0\r\n${this.#trailer}\r\n`;
    this.finished = true;
    this.#flush();
    const { socket } = this;
    if (socket === null) return this;
    if (socket.writableLength === 0) process.nextTick(finish, this);
    else socket.write("", () => finish(this));
    return this;
  }

  override addTrailers(lines: Parameters<ServerResponse["addTrailers"]>[0]): void {
    if (this.#framing === undefined) super.addTrailers(lines);
    else
      for (const [name, value] of lines as readonly [string, string][])
        this.#trailer += `${name}: ${value}\r\n`;
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
    const text = this.#text;
    this.#text = "";
    if (text !== "" && this.socket?.writable) this.socket.write(text, "latin1");
  }

  flushWaiting(): void {
    this.#isFlushing = false;
    this.#flush();
  }
}

function flush(response: ClientResponse): void {
  response.flushWaiting();
}

function finish(response: ClientResponse): void {
  response.emit("finish");
}
