import { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Head } from "./head.ts";
import type { TakeBytes } from "./reads.ts";

/** An HTTP/1 request. Node's own type, whose stream costs as much as reading the head, is made where it is needed. */
export class ClientRequest {
  readonly method: string;
  /** As sent. */
  readonly url: string;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly httpVersion: string;
  /** Names and values alternate. */
  readonly rawHeaders: string[];
  readonly socket: Socket;
  /** A body follows the head. */
  readonly hasBody: boolean;
  /** The body was received to its end. */
  complete = false;
  #message: ClientMessage | undefined;
  #byName: Readonly<Record<string, string>> | undefined;

  constructor(socket: Socket, { major, minor, method, target, headers, framing }: Head) {
    this.socket = socket;
    this.hasBody = framing !== 0;
    this.httpVersionMajor = major;
    this.httpVersionMinor = minor;
    this.httpVersion = `${major}.${minor}`;
    // HTTP/0.9 answers every method with a body; Node would omit that of HEAD.
    this.method = major === 0 ? "GET" : method;
    this.url = target;
    this.rawHeaders = headers as string[];
  }

  /** By lower-case name; repeated ones are joined. */
  get headers(): Readonly<Record<string, string>> {
    this.#byName ??= byName(this.rawHeaders);
    return this.#byName;
  }

  /** As Node's own type: the stream of the body. */
  get message(): ClientMessage {
    if (this.#message === undefined) {
      this.#message = new ClientMessage(this);
      if (this.complete) this.#end(this.#message);
    }
    return this.#message;
  }

  /** The body has ended, or there is none. */
  finish(): void {
    this.complete = true;
    if (this.#message !== undefined) this.#end(this.#message);
  }

  #end(message: ClientMessage): void {
    message.complete = true;
    message.push(null);
  }
}

export class ClientMessage extends IncomingMessage {
  readonly request: ClientRequest;
  #take: TakeBytes | undefined;

  constructor(request: ClientRequest) {
    super(request.socket);
    this.request = request;
    this.httpVersionMajor = request.httpVersionMajor;
    this.httpVersionMinor = request.httpVersionMinor;
    this.httpVersion = request.httpVersion;
    this.method = request.method;
    this.url = request.url;
    this.rawHeaders = request.rawHeaders;
  }

  /** The taker gets the body's bytes in place of `data` listeners, which still get what waits in the stream. */
  takenBy(take: TakeBytes | undefined): void {
    this.#take = take;
  }

  /** Takes a piece of the body from the connection. */
  give(bytes: Buffer): "held" | "free" {
    const take = this.#take;
    if (take === undefined || this.readableFlowing !== true || this.readableLength > 0) {
      if (!this.push(bytes)) this.socket.pause();
      return "held";
    }
    const use = take(bytes);
    if (!this.readableFlowing) this.socket.pause();
    return use;
  }

  override resume(): this {
    // The stream asks for bytes only after a `push`.
    if (this.#take !== undefined && !this.complete) this.socket.resume();
    return super.resume();
  }
}

// Node's getter reads its own parser's state.
Object.defineProperty(ClientMessage.prototype, "headers", {
  get(this: ClientMessage): Readonly<Record<string, string>> {
    return this.request.headers;
  },
});

function byName(raw: readonly string[]): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? "";
    const before = found[name];
    const value = raw[i + 1] ?? "";
    found[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return found;
}
