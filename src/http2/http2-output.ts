import type { Duplex } from "node:stream";
import { frameHead, headersText } from "./frames/frame-text.ts";
import { FIRST_WINDOW, FLAG, FRAME, MOST_FRAME, MOST_WINDOW } from "./frames/protocol.ts";
import { tableSizeUpdate } from "./hpack/encoder.ts";
import { StallWatch } from "./stream/stall-watch.ts";
import type { StreamOutput } from "./stream/stream-output.ts";

/** Bodies in one write. unit: bytes */
const MOST_AT_ONCE = 65_536;
/** Frames that no window holds back while the client does not read (CVE-2019-9512, CVE-2019-9515). */
const MOST_WAITING = 1_000;

/**
 * All that a connection sends. Frames are written together when the event loop has read what is there: a write, of TLS
 * most of all, costs more than an answer's frames. Bodies take turns by frames, so that no stream waits for a long one.
 */
export class Http2Output {
  /** Of the connection. unit: bytes */
  #window = FIRST_WINDOW;
  /** Of new streams. unit: bytes */
  firstWindow = FIRST_WINDOW;
  readonly #socket: Duplex;
  readonly #caught: (fault: unknown) => void;
  /** Frames that wait for no window. One char per byte. */
  #text = "";
  #waiting = 0;
  readonly #ready = new Set<StreamOutput>();
  /** Their own windows are empty. */
  readonly #blocked = new Set<StreamOutput>();
  readonly #stalls: StallWatch;
  /** Begins the next header block. */
  #beforeBlock = "";
  #isDue = false;
  #isOver = false;

  /**
   * @param stallMs longest pause of an answer that waits for its client
   * @param caught gets what streams' owners throw: above a write nobody could catch
   */
  constructor(socket: Duplex, stallMs: number, caught: (fault: unknown) => void) {
    this.#socket = socket;
    this.#caught = caught;
    this.#stalls = new StallWatch(stallMs, ({ owner }) => this.#tell(() => owner.stalled()));
  }

  /** True if a client that does not read is owed too much. */
  get isFlooded(): boolean {
    return this.#waiting > MOST_WAITING && this.#socket.writableNeedDrain;
  }

  /** Sends a frame that waits for no window. */
  send(text: string): void {
    if (this.#isOver) return;
    this.#text += text;
    this.#waiting++;
    this.#schedule();
  }

  sendHeaders(id: number, block: string, follows: "end" | "more"): void {
    this.send(this.#headers(id, block, follows));
  }

  /** The client's table of header lines is smaller than it was. */
  shrinkTable(): void {
    this.#beforeBlock = tableSizeUpdate();
  }

  #headers(id: number, block: string, follows: "end" | "more"): string {
    const text = headersText(id, this.#beforeBlock + block, follows, MOST_FRAME);
    this.#beforeBlock = "";
    return text;
  }

  /** A stream has something to send, or a window for it. */
  due(stream: StreamOutput): void {
    if (this.#isOver) return;
    if (stream.isReady) {
      this.#blocked.delete(stream);
      this.#ready.add(stream);
    } else if (stream.bytes > 0) this.#blocked.add(stream);
    else return;
    this.#schedule();
  }

  /** A stream sends nothing more. */
  drop(stream: StreamOutput): void {
    this.#ready.delete(stream);
    this.#blocked.delete(stream);
  }

  /** The connection's window is larger. False: it is too large. */
  widen(bytes: number): boolean {
    this.#window += bytes;
    this.resume();
    return this.#window <= MOST_WINDOW;
  }

  /** The socket has room. */
  resume(): void {
    if (this.#text !== "" || this.#ready.size > 0) this.#schedule();
  }

  /** Writes what may be written now, and nothing later. */
  close(): void {
    if (this.#isOver) return;
    if (this.#text !== "" && this.#socket.writable) this.#socket.write(this.#text, "latin1");
    this.#isOver = true;
    this.#text = "";
    this.#ready.clear();
    this.#blocked.clear();
    this.#stalls.stop();
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    setImmediate(flush, this);
  }

  /** Writes what waits, as far as windows and socket have room. */
  flush(): void {
    this.#isDue = false;
    const sent = new Set<StreamOutput>();
    const ended: StreamOutput[] = [];
    while (!this.#isOver && this.#socket.writable && !this.#socket.writableNeedDrain) {
      const bytes = this.#take(sent, ended);
      if (bytes === undefined) break;
      this.#socket.write(bytes);
    }
    if (!this.#isOver) this.#stalls.look(this.#ready, this.#blocked);
    for (const { owner } of ended) this.#tell(() => owner.ended());
    for (const stream of sent) if (stream.takeDrain()) this.#tell(() => stream.owner.drained());
  }

  #tell(act: () => void): void {
    try {
      act();
    } catch (fault) {
      this.#caught(fault);
    }
  }

  /** Frames for one write. default: there are none */
  #take(sent: Set<StreamOutput>, ended: StreamOutput[]): Buffer | undefined {
    const parts: (string | Buffer)[] = this.#text === "" ? [] : [this.#text];
    this.#text = "";
    this.#waiting = 0;
    let left = MOST_AT_ONCE;
    for (const stream of this.#ready) {
      if (left <= 0) break;
      const length = Math.max(0, Math.min(stream.bytes, stream.window, this.#window, MOST_FRAME));
      // The connection's empty window stops all bodies.
      if (stream.bytes > 0 && length === 0 && stream.window > 0) continue;
      this.#ready.delete(stream);
      left -= length + 9;
      if (this.#frames(stream, length, parts)) ended.push(stream);
      else if (stream.isReady) this.#ready.add(stream);
      else if (stream.bytes > 0) this.#blocked.add(stream);
      if (length > 0) sent.add(stream);
    }
    return parts.length === 0 ? undefined : joined(parts);
  }

  /** One frame of a stream, and its trailers. True if it has ended. */
  #frames(stream: StreamOutput, length: number, parts: (string | Buffer)[]): boolean {
    if (stream.endsWithHead) return true;
    if (stream.bytes > 0 && length === 0) return false;
    const ends = stream.isEnded && stream.bytes === length;
    const { trailers } = stream;
    this.#window -= length;
    if (length > 0 || trailers === undefined) {
      const flags = ends && trailers === undefined ? FLAG.END_STREAM : 0;
      parts.push(frameHead(length, FRAME.DATA, flags, stream.id));
      stream.take(length, parts);
    }
    if (ends && trailers !== undefined) parts.push(this.#headers(stream.id, trailers, "end"));
    return ends;
  }
}

function flush(output: Http2Output): void {
  output.flush();
}

function joined(parts: readonly (string | Buffer)[]): Buffer {
  let size = 0;
  for (const part of parts) size += part.length;
  const bytes = Buffer.allocUnsafe(size);
  let at = 0;
  for (const part of parts) {
    if (typeof part === "string") bytes.write(part, at, "latin1");
    else bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
