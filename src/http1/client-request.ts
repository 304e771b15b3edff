import type { Socket } from "node:net";
import { byName, ClientMessage, type Flow } from "./client-message.ts";

export interface RequestHead {
  readonly major: number;
  readonly minor: number;
  readonly method: string;
  /** As sent. */
  readonly target: string;
  /** Names and values alternate. */
  readonly headers: readonly string[];
  /** `:authority` of HTTP/2 */
  readonly authority?: string | undefined;
}

/** A client's request. Node's own type, whose stream costs as much as reading the head, is made where it is needed. */
export class ClientRequest {
  readonly method: string;
  /** As sent. */
  readonly url: string;
  readonly httpVersionMajor: number;
  readonly httpVersionMinor: number;
  readonly httpVersion: string;
  /** Names and values alternate. */
  readonly rawHeaders: string[];
  readonly authority: string | undefined;
  readonly socket: Socket;
  /** A body follows the head. */
  readonly hasBody: boolean;
  /** The body was received to its end. */
  complete = false;
  readonly #flow: Flow;
  #message: ClientMessage | undefined;
  #byName: Readonly<Record<string, string>> | undefined;

  /** @param flow where the body comes from */
  constructor(socket: Socket, head: RequestHead, hasBody: boolean, flow: Flow) {
    const { major, minor } = head;
    this.socket = socket;
    this.hasBody = hasBody;
    this.#flow = flow;
    this.httpVersionMajor = major;
    this.httpVersionMinor = minor;
    this.httpVersion = `${major}.${minor}`;
    // HTTP/0.9 answers every method with a body; Node would omit that of HEAD.
    this.method = major === 0 ? "GET" : head.method;
    this.url = head.target;
    this.rawHeaders = head.headers as string[];
    this.authority = head.authority;
  }

  /** By lower-case name; repeated ones are joined. */
  get headers(): Readonly<Record<string, string>> {
    this.#byName ??= byName(this.rawHeaders);
    return this.#byName;
  }

  /** As Node's own type: the stream of the body. */
  get message(): ClientMessage {
    if (this.#message === undefined) {
      this.#message = new ClientMessage(this, this.#flow);
      if (this.complete) this.#message.finish();
    }
    return this.#message;
  }

  /** The body has ended, or there is none. */
  finish(): void {
    this.complete = true;
    this.#message?.finish();
  }

  /** The body does not come to its end. */
  breakOff(): void {
    if (!this.complete && this.hasBody) this.message.destroy();
  }
}
