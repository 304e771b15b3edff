import { Duplex } from "node:stream";
import type { WebSocket } from "ws";
import { asError, contain } from "../../contain.ts";
import {
  type ChannelProtocol,
  type ChannelReader,
  createChannelReader,
  dataMessage,
  endMessage,
} from "./channels.ts";
import { brokenOff, failedInPod, violated } from "./failure.ts";
import { type Heartbeat, watchHeartbeat } from "./heartbeat.ts";

export interface PodStreamLimits {
  /** After this silence the other side is pinged; after as long again it counts as dead. unit: ms */
  readonly heartbeatMs: number;
  /** v4 cannot end the data: the stream closes when the pod has then been silent for this time. unit: ms */
  readonly silenceMs: number;
}

type Done = (error?: Error | null) => void;

/** A server may hold each message as a whole (golang.org/x/net/websocket does). */
const MOST_MESSAGE_BYTES = 65_536;
/** With more bytes on the way, an answer to a ping may have to wait until the pod reads. */
const MOST_UNHEARD_BYTES = 65_536;
/** The wait for the rest of a text on the error channel; most servers close at once. */
const TEXT_MS = 100;
/** Close codes of an orderly end (RFC 6455 section 7.4.1); 1005 is a close without a code. */
const ORDERLY: ReadonlySet<number> = new Set([1000, 1005]);
/** `WebSocket.OPEN`, without loading `ws` for it. */
const OPEN = 1;

/**
 * A byte stream to a pod's port over one WebSocket, with back-pressure: neither side keeps more than a
 * message or two.
 *
 * Emits `connect` when bytes may be written. A text on the error channel destroys it with that text as the
 * error; so does a protocol violation. An orderly end of the WebSocket ends the stream, any other is an
 * error. Like a `net.connect` socket it closes when the other side has ended.
 */
export class PodStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #protocol: ChannelProtocol;
  readonly #read: ChannelReader;
  readonly #heartbeat: Heartbeat;
  readonly #silenceMs: number;
  #unheardBytes = 0;
  #state: "opening" | "open" | "failing" | "over" = "opening";
  #text = "";
  #timer: NodeJS.Timeout | undefined;

  /** Takes over an open, paused WebSocket. */
  constructor(socket: WebSocket, port: number, protocol: ChannelProtocol, limits: PodStreamLimits) {
    super({ highWaterMark: 65_536, allowHalfOpen: false });
    this.#socket = socket;
    this.#protocol = protocol;
    this.#silenceMs = limits.silenceMs;
    this.#read = createChannelReader(port, protocol);
    const isExcused = () => socket.isPaused || this.#unheardBytes > MOST_UNHEARD_BYTES;
    this.#heartbeat = watchHeartbeat(socket, limits.heartbeatMs, isExcused, () =>
      this.destroy(brokenOff("nothing comes from the API server any more, not even an answer to a ping")),
    );
    // Nobody may be listening yet.
    this.on("error", () => {});
    contain(socket, (fault) => this.destroy(asError(fault)));
    socket.on("message", (message: Buffer, isBinary) => this.#take(message, isBinary));
    socket.on("error", (error) => this.destroy(brokenOff(error.message)));
    socket.on("close", (code) => this.#closed(code));
    socket.resume();
  }

  override _read(): void {
    if (this.#socket.isPaused) this.#socket.resume();
  }

  override _write(chunk: Buffer, encoding: BufferEncoding, done: Done): void {
    // The other side has ended; the reader will see that.
    if (this.#state === "over") {
      done();
      return;
    }
    const message = chunk.subarray(0, MOST_MESSAGE_BYTES);
    this.#unheardBytes += message.length;
    // One frame: golang.org/x/net/websocket takes each fragment for a message.
    this.#socket.send(dataMessage(message), (error) => {
      // A closing connection gives its reason when it has closed.
      if (error && this.#socket.readyState === OPEN) done(brokenOff(error.message));
      else if (error || message.length === chunk.length) done();
      else this._write(chunk.subarray(message.length), encoding, done);
    });
  }

  override _final(done: Done): void {
    const end = endMessage(this.#protocol);
    if (this.#socket.readyState === OPEN) {
      if (end === undefined) this.#timer = setTimeout(() => this.#hangUp(), this.#silenceMs);
      else this.#socket.send(end);
    }
    done();
  }

  override _destroy(error: Error | null, done: Done): void {
    clearTimeout(this.#timer);
    this.#heartbeat.stop();
    if (error === null && this.readableEnded && this.writableFinished) this.#hangUp();
    else this.#socket.terminate();
    done(error);
  }

  #take(message: Buffer, isBinary: boolean): void {
    if (this.destroyed) return;
    this.#heartbeat.heard();
    this.#unheardBytes = 0;
    const arrival = this.#read(message, isBinary);
    if (arrival.kind === "failure") this.#fail(arrival.text);
    else if (this.#state === "failing" || this.#state === "over" || arrival.kind === "nothing") return;
    else if (arrival.kind === "data") {
      this.#timer?.refresh();
      if (!this.push(arrival.bytes)) this.#socket.pause();
    } else if (arrival.kind === "ready") {
      this.#state = "open";
      this.emit("connect");
    } else if (arrival.kind === "end") this.#end();
    else this.destroy(violated(arrival.what));
  }

  /** The text may come in several messages. */
  #fail(text: string): void {
    this.#text = text;
    if (this.#state === "failing") return;
    this.#state = "failing";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.destroy(failedInPod(this.#text)), TEXT_MS);
  }

  #closed(code: number): void {
    if (this.destroyed) return;
    if (this.#state === "failing") this.destroy(failedInPod(this.#text));
    else if (this.#state === "opening") this.destroy(brokenOff("it ended before it had begun"));
    else if (ORDERLY.has(code)) this.#end();
    else this.destroy(brokenOff(`the connection to the API server was lost (close code ${code})`));
  }

  #end(): void {
    if (this.#state === "over") return;
    this.#state = "over";
    this.push(null);
  }

  /** Closes the WebSocket with a handshake, so that everything sent arrives. */
  #hangUp(): void {
    this.#socket.close(1000);
    this.#socket.resume();
  }
}
