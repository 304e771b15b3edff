import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { Connected } from "./connect.ts";
import { type HeadSlot, headText, withOwnHead } from "./own-head.ts";

/** One request for an upstream that speaks HTTP/1. */
export interface Http1Request {
  readonly method: string;
  /** Path and query, rooted, one char a byte. */
  readonly path: string;
  /** default: 1.1 */
  readonly version?: "1.0" | undefined;
  /** Names and values in turn: all that is sent, `Host` and `Content-Length` as well. */
  readonly lines: readonly string[];
  readonly body: Dispatcher.DispatchOptions["body"] & (object | null);
  /** The length that the lines announce; `""`: none. */
  readonly length: string;
  /** For the head, and for each pause within the body, in ms. */
  readonly readTimeoutMs: number;
}

/** Told of one response. `onHeaders` gets names and values as the bytes they are; `false` pauses until `resume` is called. */
export interface Http1Handler {
  onConnect(): void;
  /** All of the request is written. */
  onRequestSent(): void;
  onHeaders(status: number, raw: Buffer[], resume: () => void, text: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(): void;
  onError(error: Error): void;
}

/** Speaks HTTP/1 on one connection at a time, to one upstream: undici's `Client`, which nothing else knows of. */
export class Http1Client {
  readonly #client: Client;
  readonly #slot: HeadSlot = { head: undefined };

  /** @param idleMs how long a connection without requests is kept. */
  constructor(idleMs: number, connect: (connected: Connected) => void) {
    // undici is told nothing of the upstream's name and scheme: it would reconnect whenever the Host of an https request
    // changes. It writes the Host it is given, on the connection it is given.
    this.#client = new Client("http://upstream", {
      pipelining: 1,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      maxHeaderSize: 65_536,
      connect: (_, callback) =>
        connect((error, stream) => {
          // undici's types know only sockets; it uses nothing that a Duplex lacks.
          if (stream !== null) callback(null, withOwnHead(stream, this.#slot) as Socket);
          else callback(error ?? new Error("there is no connection"), null);
        }),
    });
  }

  get destroyed(): boolean {
    return this.#client.destroyed;
  }

  onDisconnect(listener: () => void): void {
    this.#client.on("disconnect", listener);
  }

  /** Told of errors that belong to no request. */
  onFault(listener: (fault: unknown) => void): void {
    // undici's types do not list this event.
    const emitter: NodeJS.EventEmitter = this.#client;
    emitter.on("error", listener);
  }

  /** Sends a request, its head written as nginx writes it. The handler is told what goes wrong. */
  send(request: Http1Request, handler: Http1Handler): void {
    const { method, path, version = "1.1", lines, body, length, readTimeoutMs } = request;
    let text: string;
    try {
      text = headText({ method, path, version }, lines);
    } catch (error) {
      handler.onError(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.#slot.head = { text, framed: body === null || length !== "" ? "said" : "not-said" };
    this.#client.dispatch(
      {
        method,
        path,
        // undici frames a body by its length; the head that it makes of the rest is not sent.
        headers: body === null || length === "" ? [] : ["content-length", length],
        ...(saysClose(lines) ? { reset: true } : {}),
        body,
        headersTimeout: readTimeoutMs,
        bodyTimeout: readTimeoutMs,
      },
      handler,
    );
  }

  /** Closes the connection, with the request on it. Nobody waits for it to be gone. */
  destroy(reason: Error): void {
    this.#client.destroy(reason, ignore);
  }
}

function ignore(): void {}

/** True of lines that end the connection with the answer. */
function saysClose(lines: readonly string[]): boolean {
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i]?.length === 10 && lines[i]?.toLowerCase() === "connection")
      return lines[i + 1]?.toLowerCase() === "close";
  return false;
}
