import type { Socket } from "node:net";
import type { ClientRequest } from "../http1/client-request.ts";
import { Deadline } from "../http1/deadline.ts";
import { PREFACE } from "../http1/preface.ts";
import { readInto } from "../http1/reads.ts";
import { applySettings, firstSettings } from "./frames/client-settings.ts";
import { check, checkGoaway, isSettingsAck, readPing, readWindow } from "./frames/control-frames.ts";
import { FrameReader } from "./frames/frame-reader.ts";
import { goawayText, PING, pongText, SETTINGS_ACK, settingsText, windowText } from "./frames/frame-text.ts";
import {
  CODE,
  ConnectionError,
  type ErrorCode,
  FIRST_WINDOW,
  FRAME,
  MOST_ID,
  MOST_WINDOW,
} from "./frames/protocol.ts";
import { HpackError } from "./hpack/hpack-error.ts";
import { Http2Output } from "./http2-output.ts";
import type { Http2Response } from "./http2-response.ts";
import { Http2Streams, type StreamLimits } from "./http2-streams.ts";

/** unit of times: ms */
export interface Http2Options extends StreamLimits {
  readonly headMs: number;
  readonly keepAliveMs: number;
  /** Longest pause of an answer that waits for its client. */
  readonly stallMs: number;
  /** `keepalive_requests` */
  readonly keepAliveRequests: number;
}

export interface Http2Handlers {
  /** A request and the response to write. */
  request(request: ClientRequest, response: Http2Response): void;
  fault(error: unknown): void;
  /** Nothing more is sent; the client may still send. */
  last(): void;
}

/**
 * One HTTP/2 connection of a client (RFC 9113), from its first byte on. It ends in steps: `close` tells the client, `#shut`
 * takes no new requests, `#finish` sends what is left, `#end` lets go; `#fail` and `#gone` begin later.
 */
export class Http2Connection {
  readonly #socket: Socket;
  readonly #options: Http2Options;
  readonly #handlers: Http2Handlers;
  readonly #output: Http2Output;
  readonly #frames: FrameReader;
  readonly #streams: Http2Streams;
  readonly #settings = firstSettings();
  readonly #deadline: Deadline;
  readonly #reads: ReturnType<typeof readInto>;
  /** Bytes of the preface that came. */
  #greeted = 0;
  #isSet = false;
  /** Of bodies, not given back to the client. unit: bytes */
  #owed = 0;
  #isLeaving = false;
  #isShut = false;
  #isOver = false;

  constructor(socket: Socket, options: Http2Options, handlers: Http2Handlers) {
    this.#socket = socket;
    this.#options = options;
    this.#handlers = handlers;
    this.#output = new Http2Output(socket, options.stallMs, (fault) => this.#break(fault));
    this.#frames = new FrameReader(this.#onFrame);
    this.#streams = new Http2Streams(socket, options, this.#output, {
      request: handlers.request,
      over: () => this.#rest(),
    });
    this.#deadline = new Deadline(() => this.#expire());
    this.#deadline.set(options.headMs);
    this.#output.send(
      settingsText([
        ["MAX_CONCURRENT_STREAMS", options.streams],
        ["MAX_HEADER_LIST_SIZE", options.head.bytes],
      ]),
    );
    // As in nginx: a stalled upload holds up no other of the same client.
    this.#output.send(windowText(0, MOST_WINDOW - FIRST_WINDOW));
    this.#reads = readInto(socket, this.#onData);
    socket.on("drain", () => this.#output.resume());
    socket.on("end", this.#gone).on("close", this.#gone);
  }

  /**
   * Ends once what is asked is answered. The client hears of it first: what it asks before it knows is answered too (RFC
   * 9113 section 6.8).
   */
  close(): void {
    if (this.#isLeaving || this.#isOver) return;
    this.#isLeaving = true;
    if (this.#streams.size > 0 || this.#streams.isInBlock) {
      this.#output.send(goawayText(MOST_ID, CODE.NO_ERROR) + PING);
      this.#deadline.set(this.#options.headMs);
    }
    this.#rest();
  }

  /** The client knows, or has had its time to. */
  #shut(): void {
    if (this.#isShut || !this.#isLeaving) return;
    this.#isShut = true;
    this.#streams.shut();
    this.#output.send(goawayText(this.#streams.lastId, CODE.NO_ERROR));
  }

  readonly #onData = (chunk: Buffer): "held" | "free" => {
    if (this.#isOver) return "free";
    try {
      this.#read(chunk);
    } catch (error) {
      if (error instanceof ConnectionError) this.#fail(error.code);
      else if (error instanceof HpackError) this.#fail(CODE.COMPRESSION_ERROR);
      else this.#break(error);
    }
    return "held";
  };

  #read(chunk: Buffer): void {
    let at = 0;
    if (this.#greeted < PREFACE.length) {
      at = Math.min(PREFACE.length - this.#greeted, chunk.length);
      const isRight = PREFACE.compare(chunk, 0, at, this.#greeted, this.#greeted + at) === 0;
      check(isRight, CODE.PROTOCOL_ERROR, "the connection does not begin as HTTP/2 does");
      this.#greeted += at;
    }
    if (at < chunk.length) this.#frames.read(chunk, at);
  }

  readonly #onFrame = (type: number, flags: number, id: number, payload: Buffer): void => {
    if (this.#isOver) return;
    const streams = this.#streams;
    check(this.#isSet || type === FRAME.SETTINGS, CODE.PROTOCOL_ERROR, "the first frame is no SETTINGS");
    const isInBlock = streams.isInBlock && type !== FRAME.CONTINUATION;
    check(!isInBlock, CODE.PROTOCOL_ERROR, "a header block is not complete");
    if (type === FRAME.DATA) {
      this.#credit(payload.length);
      streams.data(flags, id, payload);
    } else if (type === FRAME.HEADERS) {
      streams.headers(flags, id, payload);
      this.#afterHead();
    } else if (type === FRAME.CONTINUATION) {
      streams.continuation(flags, id, payload);
      if (!streams.isInBlock) this.#afterHead();
    } else if (type === FRAME.WINDOW_UPDATE) this.#onWindow(id, readWindow(payload));
    else if (type === FRAME.RST_STREAM) streams.reset(id, payload);
    else if (type === FRAME.SETTINGS) this.#onSettings(flags, id, payload);
    else if (type === FRAME.PING) this.#onPing(readPing(flags, id, payload));
    else if (type === FRAME.PRIORITY) streams.priority(id, payload);
    else if (type === FRAME.GOAWAY) {
      checkGoaway(id, payload);
      this.close();
    } else check(type !== FRAME.PUSH_PROMISE, CODE.PROTOCOL_ERROR, "a client cannot push");
  };

  /** The connection's window is as large as can be: streams have theirs. */
  #credit(bytes: number): void {
    this.#owed += bytes;
    if (this.#owed <= MOST_WINDOW / 2) return;
    this.#output.send(windowText(0, this.#owed));
    this.#owed = 0;
  }

  #afterHead(): void {
    if (this.#streams.isInBlock) this.#deadline.set(this.#options.headMs);
    else if (this.#streams.opened >= this.#options.keepAliveRequests) this.close();
    this.#rest();
  }

  #onSettings(flags: number, id: number, payload: Buffer): void {
    const isAck = isSettingsAck(flags, id, payload);
    check(this.#isSet || !isAck, CODE.PROTOCOL_ERROR, "an acknowledgement comes first");
    if (isAck) return;
    this.#isSet = true;
    const { firstWindow } = this.#settings;
    if (applySettings(payload, this.#settings)) this.#output.shrinkTable();
    this.#output.firstWindow = this.#settings.firstWindow;
    this.#streams.widenAll(this.#settings.firstWindow - firstWindow);
    this.#reply(SETTINGS_ACK);
  }

  #onPing(asked: Buffer | undefined): void {
    if (asked === undefined) this.#shut();
    else this.#reply(pongText(asked));
  }

  #onWindow(id: number, bytes: number): void {
    if (id !== 0) this.#streams.widen(id, bytes);
    else {
      check(bytes > 0, CODE.PROTOCOL_ERROR, "a window is made larger by nothing");
      check(this.#output.widen(bytes), CODE.FLOW_CONTROL_ERROR, "a window is too large");
    }
  }

  #reply(text: string): void {
    this.#output.send(text);
    // A client that does not read would not read of its end either.
    if (this.#output.isFlooded) this.#gone();
  }

  /** Waits for the next request where none is open, or ends. */
  #rest(): void {
    if (this.#isOver || this.#streams.isInBlock) return;
    if (this.#streams.size > 0) {
      if (this.#isShut || !this.#isLeaving) this.#deadline.clear();
    } else if (this.#isLeaving) {
      this.#shut();
      this.#finish();
    } else {
      this.#reads.calm();
      this.#deadline.set(this.#options.keepAliveMs);
    }
  }

  #expire(): void {
    // A connection that has said nothing, or half a head, gets no time for more.
    if (!this.#isSet || this.#streams.isInBlock) this.#socket.destroy();
    else if (this.#isLeaving) this.#shut();
    else this.close();
  }

  #fail(code: ErrorCode): void {
    this.#output.send(goawayText(this.#streams.lastId, code));
    this.#finish();
  }

  /** Sends what it may and ends; open streams are left. */
  #finish(): void {
    this.#output.flush();
    // The last bytes may have ended the last stream, and so the connection.
    if (this.#isOver) return;
    this.#end();
    this.#handlers.last();
  }

  /** A mistake of ours. */
  #break(fault: unknown): void {
    this.#handlers.fault(fault);
    this.#socket.destroy();
  }

  readonly #gone = (): void => {
    this.#end();
    this.#socket.destroy();
  };

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#deadline.stop();
    this.#output.close();
    this.#streams.leave();
  }
}
