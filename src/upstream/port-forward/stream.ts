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
import { type Pulse, watchPulse } from "./pulse.ts";

/** Bounds of one stream, times in ms. */
export interface StreamLimits {
  /** After so much silence the other side is asked whether it is still there; as long again, and it is given up. */
  readonly pulseMs: number;
  /** v4 cannot say that no more is sent: the stream is closed when the pod has then said nothing for so long. */
  readonly silenceMs: number;
}

type Done = (error?: Error | null) => void;

/** Of one message: a server may hold each as a whole (golang.org/x/net/websocket does). */
const MOST_MESSAGE_BYTES = 65_536;
/** With more than this on its way, an answer to a ping may have to wait until the pod reads. */
const MOST_UNHEARD_BYTES = 65_536;
/** How long the rest of a text on the error channel is waited for, in ms; most servers close at once. */
const TEXT_MS = 100;
/** Close codes of an orderly end (RFC 6455 section 7.4.1); 1005 is a close without a code. */
const ORDERLY: ReadonlySet<number> = new Set([1000, 1005]);
/** `WebSocket.OPEN`, without loading `ws` for it. */
const OPEN = 1;

/**
 * A byte stream to a port of a pod, over one WebSocket. Reading less than comes holds the WebSocket's socket back, and a
 * write is done when the system has taken it, so neither side holds more than a message or two.
 *
 * Emits `connect` when bytes may be written. What the error channel says destroys it with that text as the error, and
 * never becomes data; so does whatever a server must not send. The end of the WebSocket is the end of the stream where
 * it is an orderly one, else an error. As a socket of `net.connect` it closes when the other side has ended.
 */
export class PodStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #protocol: ChannelProtocol;
  readonly #read: ChannelReader;
  readonly #pulse: Pulse;
  readonly #silenceMs: number;
  /** Written since something was last heard. */
  #unheardBytes = 0;
  #state: "opening" | "open" | "failing" | "over" = "opening";
  /** What the error channel has said. */
  #text = "";
  #timer: NodeJS.Timeout | undefined;

  /** Takes over an open, paused WebSocket. */
  constructor(socket: WebSocket, port: number, protocol: ChannelProtocol, limits: StreamLimits) {
    super({ highWaterMark: 65_536, allowHalfOpen: false });
    this.#socket = socket;
    this.#protocol = protocol;
    this.#silenceMs = limits.silenceMs;
    this.#read = createChannelReader(port, protocol);
    const isExcused = () => socket.isPaused || this.#unheardBytes > MOST_UNHEARD_BYTES;
    this.#pulse = watchPulse(socket, limits.pulseMs, isExcused, () =>
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
    // The other side has ended, as who reads on will see.
    if (this.#state === "over") {
      done();
      return;
    }
    const message = chunk.subarray(0, MOST_MESSAGE_BYTES);
    this.#unheardBytes += message.length;
    // In one frame: golang.org/x/net/websocket takes each fragment for a message of its own.
    this.#socket.send(dataMessage(message), (error) => {
      // A connection that is closing says why when it has closed.
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
    this.#pulse.stop();
    if (error === null && this.readableEnded && this.writableFinished) this.#hangUp();
    else this.#socket.terminate();
    done(error);
  }

  #take(message: Buffer, isBinary: boolean): void {
    if (this.destroyed) return;
    this.#pulse.heard();
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

  /** Closes the WebSocket with a handshake, which lets what was sent arrive. */
  #hangUp(): void {
    this.#socket.close(1000);
    this.#socket.resume();
  }
}
