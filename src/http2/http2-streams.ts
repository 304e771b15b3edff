import type { Socket } from "node:net";
import type { ClientRequest } from "../http1/client-request.ts";
import { check, checkReset } from "./frames/control-frames.ts";
import { resetText } from "./frames/frame-text.ts";
import { blockOf, checkPriority, PRIORITY_BYTES, unpadded } from "./frames/payload.ts";
import { CODE, type ErrorCode, FLAG } from "./frames/protocol.ts";
import { type Block, BlockReader } from "./heads/block-reader.ts";
import { areTrailers, readRequestHead } from "./heads/request-head.ts";
import type { ListLimits } from "./hpack/decoder.ts";
import type { Http2Output } from "./http2-output.ts";
import type { Http2Response } from "./http2-response.ts";
import { ClosedStreams } from "./stream/closed-streams.ts";
import { Flood } from "./stream/flood.ts";
import { Http2Stream } from "./stream/http2-stream.ts";

export interface StreamLimits {
  readonly head: ListLimits;
  /** Open at a time. */
  readonly streams: number;
}

/** Told of requests. */
export interface StreamsOwner {
  request(request: ClientRequest, response: Http2Response): void;
  /** One request is over. */
  over(): void;
}

/** The streams of a connection: which there are, and what their frames do (RFC 9113 section 5.1). */
export class Http2Streams {
  readonly #socket: Socket;
  readonly #limits: StreamLimits;
  readonly #output: Http2Output;
  readonly #owner: StreamsOwner;
  readonly #blocks: BlockReader;
  readonly #flood = new Flood();
  readonly #open = new Map<number, Http2Stream>();
  readonly #closed = new ClosedStreams();
  #lastId = 0;
  #opened = 0;
  #isShut = false;

  constructor(socket: Socket, limits: StreamLimits, output: Http2Output, owner: StreamsOwner) {
    this.#socket = socket;
    this.#limits = limits;
    this.#output = output;
    this.#owner = owner;
    this.#blocks = new BlockReader(limits.head);
  }

  /** Open ones. */
  get size(): number {
    return this.#open.size;
  }

  /** The latest that is taken. */
  get lastId(): number {
    return this.#lastId;
  }

  /** Requests so far. */
  get opened(): number {
    return this.#opened;
  }

  /** A header block is not complete. */
  get isInBlock(): boolean {
    return this.#blocks.isOpen;
  }

  /** Takes no more: what comes is asked elsewhere (RFC 9113 section 6.8). */
  shut(): void {
    this.#isShut = true;
  }

  /** The client is gone. */
  leave(): void {
    for (const stream of [...this.#open.values()]) stream.leave();
  }

  /** @throws ConnectionError, as do all that take a frame */
  data(flags: number, id: number, payload: Buffer): void {
    const bytes = unpadded(payload, flags);
    const isLast = (flags & FLAG.END_STREAM) !== 0;
    const stream = this.#open.get(id);
    if (stream === undefined) this.#late(id);
    else if (!stream.isOpen) this.#refuse(stream, CODE.STREAM_CLOSED);
    else {
      if (bytes.length === 0 && !isLast) this.#count();
      this.#refuse(stream, stream.take(bytes, payload.length) ?? (isLast ? stream.finish() : undefined));
    }
  }

  headers(flags: number, id: number, payload: Buffer): void {
    check(id % 2 === 1, CODE.PROTOCOL_ERROR, "no client opens an even stream");
    const block = this.#blocks.begin(id, flags, blockOf(payload, flags, id));
    if (block !== undefined) this.#block(block);
  }

  continuation(flags: number, id: number, payload: Buffer): void {
    if (payload.length === 0) this.#count();
    const block = this.#blocks.goOn(id, flags, payload);
    if (block !== undefined) this.#block(block);
  }

  priority(id: number, payload: Buffer): void {
    check(id !== 0, CODE.PROTOCOL_ERROR, "a PRIORITY is of no stream");
    const stream = this.#open.get(id);
    if (payload.length === PRIORITY_BYTES) checkPriority(payload, id);
    else if (stream === undefined) this.#refuseId(id, CODE.FRAME_SIZE_ERROR);
    else this.#refuse(stream, CODE.FRAME_SIZE_ERROR);
  }

  reset(id: number, payload: Buffer): void {
    checkReset(payload);
    this.#checkOpened(id);
    this.#count();
    this.#open.get(id)?.leave();
  }

  /** One stream's window is larger. */
  widen(id: number, bytes: number): void {
    this.#checkOpened(id);
    const stream = this.#open.get(id);
    if (stream === undefined) return;
    if (bytes === 0) this.#refuse(stream, CODE.PROTOCOL_ERROR);
    else if (!stream.widen(bytes)) this.#refuse(stream, CODE.FLOW_CONTROL_ERROR);
  }

  /** The first window of all is larger, or smaller. */
  widenAll(bytes: number): void {
    for (const stream of this.#open.values())
      check(stream.widen(bytes), CODE.FLOW_CONTROL_ERROR, "a window is too large");
  }

  /** A whole header block: a request, or what follows its body. */
  #block(block: Block): void {
    const { id, isLast } = block;
    const isNew = id > this.#lastId;
    if (isNew && !this.#isShut) {
      this.#closed.skip(this.#lastId, id);
      this.#lastId = id;
    }
    const lines = this.#blocks.lines(block);
    const stream = this.#open.get(id);
    if (stream !== undefined) this.#trailers(stream, lines, isLast);
    else if (!isNew) this.#late(id);
    else if (!this.#isShut) this.#begin(id, lines, isLast);
  }

  #begin(id: number, lines: string[] | undefined, isLast: boolean): void {
    const head = lines === undefined ? undefined : readRequestHead(lines);
    if (this.#open.size >= this.#limits.streams) this.#refuseId(id, CODE.REFUSED_STREAM);
    else if (lines === undefined) this.#refuseId(id, CODE.ENHANCE_YOUR_CALM);
    else if (head === undefined || (isLast && head.length > 0)) this.#refuseId(id, CODE.PROTOCOL_ERROR);
    else {
      const body = isLast ? "no body" : "body";
      const stream = new Http2Stream(id, this.#socket, head, body, this.#output, this.#whenOver);
      this.#open.set(id, stream);
      this.#opened++;
      this.#owner.request(stream.request, stream.response);
    }
  }

  #trailers(stream: Http2Stream, lines: readonly string[] | undefined, isLast: boolean): void {
    const isRight = isLast && lines !== undefined && areTrailers(lines);
    if (!stream.isOpen) this.#refuse(stream, CODE.STREAM_CLOSED);
    else this.#refuse(stream, isRight ? stream.finish() : CODE.PROTOCOL_ERROR);
  }

  /** A frame of a stream that is not open: late, or wrong. */
  #late(id: number): void {
    if (this.#isShut && id > this.#lastId) return;
    this.#checkOpened(id);
    const end = this.#closed.of(id);
    const code = end === "ended" ? CODE.STREAM_CLOSED : CODE.PROTOCOL_ERROR;
    check(end === "reset", code, "the stream is not open");
  }

  /** Once shut, streams that open are not counted, so none is known to be idle. */
  #checkOpened(id: number): void {
    check(id !== 0 && (id <= this.#lastId || this.#isShut), CODE.PROTOCOL_ERROR, "the stream is idle");
  }

  /** Counts what a client should seldom do. */
  #count(): void {
    check(!this.#flood.grows(), CODE.ENHANCE_YOUR_CALM, "too many frames of no use");
  }

  /** @param code default: nothing is wrong */
  #refuse(stream: Http2Stream, code: ErrorCode | undefined): void {
    if (code === undefined) return;
    this.#count();
    stream.refuse(code);
  }

  #refuseId(id: number, code: ErrorCode): void {
    this.#count();
    this.#output.send(resetText(id, code));
    this.#closed.rememberReset(id);
  }

  readonly #whenOver = ({ id }: Http2Stream, how: "ended" | "reset"): void => {
    this.#open.delete(id);
    if (how === "reset") this.#closed.rememberReset(id);
    this.#owner.over();
  };
}
