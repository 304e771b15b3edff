import { IncomingMessage } from "node:http";
import type { ClientRequest } from "./client-request.ts";
import type { TakeBytes } from "./reads.ts";

/** Where a body comes from: a connection, or a stream of one. */
export interface Flow {
  pause(): void;
  resume(): void;
}

/** A request as Node's own type: the stream of its body. */
export class ClientMessage extends IncomingMessage {
  readonly request: ClientRequest;
  readonly #flow: Flow;
  #take: TakeBytes | undefined;

  constructor(request: ClientRequest, flow: Flow) {
    super(request.socket);
    this.request = request;
    this.#flow = flow;
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

  /**
   * Shows the body's bytes to a watcher, whoever takes them. The methods of this one message are replaced: others do not
   * even ask for a watcher.
   */
  seenBy(see: (bytes: Buffer) => void): void {
    const [emit, takenBy] = [this.emit.bind(this), this.takenBy.bind(this)];
    Object.assign(this, {
      emit(name: string, ...values: unknown[]) {
        if (name === "data") see(values[0] as Buffer);
        return emit(name, ...values);
      },
      takenBy(take: TakeBytes | undefined) {
        if (take === undefined) takenBy(undefined);
        else
          takenBy((bytes) => {
            see(bytes);
            return take(bytes);
          });
      },
    });
  }

  /** Takes a piece of the body from the connection. */
  give(bytes: Buffer): "held" | "free" {
    const take = this.#take;
    if (take === undefined || this.readableFlowing !== true || this.readableLength > 0) {
      if (!this.push(bytes)) this.#flow.pause();
      return "held";
    }
    const use = take(bytes);
    if (!this.readableFlowing) this.#flow.pause();
    return use;
  }

  /** The body has ended, or there is none. */
  finish(): void {
    this.complete = true;
    this.push(null);
  }

  /** Node's own reads from the socket, whatever the body comes by. */
  override _read(): void {
    this.#flow.resume();
  }

  /** Node's own destroys the socket. */
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    done(error);
  }

  override resume(): this {
    // The stream asks for bytes only after a `push`.
    if (this.#take !== undefined && !this.complete) this.#flow.resume();
    return super.resume();
  }
}

// Node's getter reads its own parser's state.
Object.defineProperty(ClientMessage.prototype, "headers", {
  get(this: ClientMessage): Readonly<Record<string, string>> {
    return this.request.headers;
  },
});

/** Header lines by lower-case name; repeated ones are joined. */
export function byName(raw: readonly string[]): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i]?.toLowerCase() ?? "";
    const before = found[name];
    const value = raw[i + 1] ?? "";
    found[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return found;
}
