import type { Socket } from "node:net";
import { Client, type Dispatcher } from "undici";
import type { Connected } from "./connect.ts";
import { type HeadSlot, headText, withOwnHead } from "./own-head.ts";

export interface Http1Request {
  readonly method: string;
  /** Path and query, rooted; one char per byte. */
  readonly path: string;
  /** default: 1.1 */
  readonly version?: "1.0" | undefined;
  /** All sent headers, names and values alternating, `Host` and `Content-Length` included. */
  readonly lines: readonly string[];
  readonly body: Dispatcher.DispatchOptions["body"] & (object | null);
  /** The announced length; `""`: none. */
  readonly length: string;
  /** For the head, and for each pause within the body. unit: ms */
  readonly readTimeoutMs: number;
}

/** Receives one response. `onHeaders` gets raw bytes; `false` pauses until `resume`. */
export interface Http1Handler {
  onConnect(): void;
  onRequestSent(): void;
  onHeaders(status: number, raw: Buffer[], resume: () => void, text: string): boolean;
  onData(chunk: Buffer): boolean;
  onComplete(): void;
  onError(error: Error): void;
}

/** HTTP/1 on one connection at a time to one upstream. Hides undici's `Client`. */
export class Http1Client {
  readonly #client: Client;
  readonly #slot: HeadSlot = { head: undefined };

  /** @param idleMs lifetime of a connection without requests */
  constructor(idleMs: number, connect: (connected: Connected) => void) {
    // undici does not get the upstream's name and scheme, because it would reconnect for each new Host over
    // https. It writes the given Host on the given connection.
    this.#client = new Client("http://upstream", {
      pipelining: 1,
      keepAliveTimeout: idleMs,
      keepAliveMaxTimeout: idleMs,
      maxHeaderSize: 65_536,
      connect: (_, callback) =>
        connect((error, stream) => {
          // undici's types require a socket, but it uses only Duplex methods.
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

  /** Receives errors outside of requests. */
  onFault(listener: (fault: unknown) => void): void {
    // undici's types lack this event.
    const emitter: NodeJS.EventEmitter = this.#client;
    emitter.on("error", listener);
  }

  /** Sends a request with a head as nginx writes it. The handler hears of failures. */
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
        // undici frames the body by its length; its own head is not sent.
        headers: body === null || length === "" ? [] : ["content-length", length],
        ...(saysClose(lines) ? { reset: true } : {}),
        body,
        headersTimeout: readTimeoutMs,
        bodyTimeout: readTimeoutMs,
      },
      handler,
    );
  }

  /** Closes the connection with its request, without waiting. */
  destroy(reason: Error): void {
    this.#client.destroy(reason, ignore);
  }
}

function ignore(): void {}

/** True for `Connection: close`. */
function saysClose(lines: readonly string[]): boolean {
  for (let i = 0; i + 1 < lines.length; i += 2)
    if (lines[i]?.length === 10 && lines[i]?.toLowerCase() === "connection")
      return lines[i + 1]?.toLowerCase() === "close";
  return false;
}
