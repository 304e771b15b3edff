import type { Socket } from "node:net";
import type { HeadRefusal } from "../model/head-refusal.ts";
import { BodyReader } from "./body-reader.ts";
import { ClientRequest } from "./client-request.ts";
import { ClientResponse } from "./client-response.ts";
import { Deadline } from "./deadline.ts";
import type { Framing, Head, HeadBuffers } from "./head.ts";
import { HeadParser } from "./head-parser.ts";
import { headless } from "./headless.ts";
import { readInto } from "./reads.ts";

/** unit of times: ms */
export interface Http1Options {
  readonly buffers: HeadBuffers;
  readonly headMs: number;
  readonly keepAliveMs: number;
  /** `keepalive_requests` */
  readonly keepAliveRequests: number;
}

/** `closing`: the current answer is the connection's last. The answer's writer may set it. */
export interface Closing {
  closing: boolean;
}

export interface Http1Handlers {
  /** A request and the response to write. A refusal fixes the answer. */
  request(request: ClientRequest, response: ClientResponse, refusal: HeadRefusal | undefined): void;
  /** A request for another protocol. The socket is no longer read; `rest` follows the head. */
  upgrade(request: ClientRequest, rest: Buffer): void;
  /** True if a request with this body may get the protocol that it requests. */
  isUpgrade(request: ClientRequest, body: Framing): boolean;
  malformed(): void;
  fault(error: unknown): void;
  /** The latest answer was the connection's last and is sent. */
  last(unread: "all read" | "more to come"): void;
}

/** Read-ahead limit during an answer. unit: bytes */
const AHEAD_BYTES = 65_536;
const NOTHING = Buffer.alloc(0);

/**
 * One HTTP/1 connection: reads a request, waits until its answer is sent, reads the next. So answers keep
 * their order and requests never overlap.
 */
export class Http1Connection {
  readonly #socket: Socket;
  readonly #record: Closing;
  readonly #options: Http1Options;
  readonly #handlers: Http1Handlers;
  readonly #deadline: Deadline;
  #parser: HeadParser;
  #body: BodyReader | undefined;
  #request: ClientRequest | undefined;
  #response: ClientResponse | undefined;
  #ahead: Buffer[] = [];
  #aheadBytes = 0;
  #requests = 0;
  /** Something still uses the bytes that are read. */
  #isHeld = false;
  readonly #reads: ReturnType<typeof readInto>;
  #over = false;

  constructor(socket: Socket, record: Closing, options: Http1Options, handlers: Http1Handlers) {
    this.#socket = socket;
    this.#record = record;
    this.#options = options;
    this.#handlers = handlers;
    this.#parser = new HeadParser(options.buffers);
    this.#deadline = new Deadline(() => socket.destroy());
    this.#deadline.set(options.headMs);
    this.#reads = readInto(socket, this.#onData);
    socket.on("end", this.#onEnd).on("close", this.#onClose);
    socket.on("drain", this.#onDrain).on("timeout", this.#onTimeout);
  }

  readonly #onData = (chunk: Buffer): "held" | "free" => {
    this.#isHeld = false;
    if (!this.#over) this.#contain(() => this.#read(chunk));
    return this.#isHeld ? "held" : "free";
  };

  /** An exception while handling a request ends only its connection. */
  #contain(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.#handlers.fault(error);
    }
  }

  #read(chunk: Buffer): void {
    let at = 0;
    while (at < chunk.length && !this.#over) {
      if (this.#body !== undefined) at = this.#readBody(this.#body, chunk, at);
      else if (this.#response !== undefined) {
        this.#keep(at === 0 ? chunk : chunk.subarray(at));
        return;
      } else {
        this.#isHeld = true;
        at = this.#readHead(chunk, at);
      }
    }
  }

  #readHead(chunk: Buffer, from: number): number {
    const waiting = !this.#parser.begun;
    const head = this.#parser.read(chunk, from);
    const at = from + this.#parser.taken;
    if (head !== undefined) return this.#begin(head, chunk, at);
    if (waiting && this.#parser.begun) this.#deadline.set(this.#options.headMs);
    return at;
  }

  #begin(head: Head, chunk: Buffer, from: number): number {
    const socket = this.#socket;
    this.#deadline.clear();
    this.#parser = new HeadParser(this.#options.buffers);
    const request = new ClientRequest(socket, head, head.framing !== 0, socket);
    if (head.upgrade && head.refusal === undefined && this.#handlers.isUpgrade(request, head.framing)) {
      request.finish();
      this.#release();
      this.#handlers.upgrade(request, chunk.subarray(from));
      return chunk.length;
    }
    const response = new ClientResponse(request, socket, this.#onFinish);
    response.shouldKeepAlive = head.keepAlive && ++this.#requests < this.#options.keepAliveRequests;
    if (head.major === 0) headless(socket);
    this.#request = request;
    this.#response = response;
    let at = from;
    if (head.framing === 0) request.finish();
    else {
      this.#body = new BodyReader(head.framing);
      // Body bytes that came with the head are read first: short bodies are complete before the request is
      // handled.
      at = this.#readBody(this.#body, chunk, from);
      if (this.#over) response.shouldKeepAlive = false;
    }
    if (head.refusal !== undefined) this.#over = true;
    this.#handlers.request(request, response, head.refusal);
    return at;
  }

  #readBody(body: BodyReader, chunk: Buffer, from: number): number {
    const at = body.read(chunk, from, this.#takeBody);
    if (body.broken) this.#fail();
    else if (body.ended) {
      this.#body = undefined;
      this.#request?.finish();
      // The last bytes may have paused the socket, and nobody else resumes it for the next request.
      this.#socket.resume();
      if (this.#response === undefined) this.#await();
    }
    return at;
  }

  readonly #takeBody = (bytes: Buffer): void => {
    // After the answer nobody reads the rest of the body.
    if (this.#response !== undefined && this.#request?.message.give(bytes) === "held") this.#isHeld = true;
  };

  #fail(): void {
    this.#over = true;
    if (this.#response === undefined) this.#handlers.last("more to come");
    // On the next tick, so that the handler knows the request first.
    else process.nextTick(() => this.#contain(() => this.#handlers.malformed()));
  }

  #keep(bytes: Buffer): void {
    this.#isHeld = true;
    this.#ahead.push(bytes);
    this.#aheadBytes += bytes.length;
    if (this.#aheadBytes > AHEAD_BYTES) this.#socket.pause();
  }

  readonly #onFinish = (): void => {
    const response = this.#response;
    const request = this.#request;
    if (response === undefined || request === undefined) return;
    response.release();
    this.#response = undefined;
    response.close();
    if (this.#record.closing || this.#over) {
      this.#over = true;
      this.#deadline.stop();
      this.#handlers.last(request.complete && this.#aheadBytes === 0 ? "all read" : "more to come");
    } else if (this.#body !== undefined) {
      request.message.resume();
      this.#socket.resume();
    } else this.#await();
  };

  #await(): void {
    this.#request = undefined;
    if (!this.#socket.writable) {
      this.#over = true;
      return;
    }
    this.#deadline.set(this.#options.keepAliveMs);
    this.#reads.calm();
    this.#socket.resume();
    if (this.#aheadBytes === 0) return;
    const ahead = this.#ahead.length === 1 ? (this.#ahead[0] ?? NOTHING) : Buffer.concat(this.#ahead);
    this.#ahead = [];
    this.#aheadBytes = 0;
    this.#onData(ahead);
  }

  /** A client that ends its side has left: nginx aborts its request (status 499). */
  readonly #onEnd = (): void => {
    if (this.#over) return;
    this.#over = true;
    if (this.#response === undefined) this.#socket.end();
    else if (this.#body !== undefined) this.#handlers.malformed();
    else if (this.#response.writableEnded) this.#record.closing = true;
    else this.#socket.destroy();
  };

  readonly #onClose = (): void => {
    this.#over = true;
    this.#deadline.stop();
    this.#request?.breakOff();
    this.#response?.close();
  };

  readonly #onDrain = (): void => void this.#response?.emit("drain");

  readonly #onTimeout = (): void => void this.#response?.emit("timeout", this.#socket);

  #release(): void {
    const socket = this.#socket;
    this.#over = true;
    this.#deadline.stop();
    this.#reads.stop();
    socket.off("end", this.#onEnd).off("close", this.#onClose);
    socket.off("drain", this.#onDrain).off("timeout", this.#onTimeout);
    socket.pause();
  }
}
