import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { fail } from "./status.ts";

/** Who is let in at all. */
export class Credentials {
  #token: string | undefined;
  readonly #certificate: boolean;

  /** With neither, everybody is let in. */
  constructor(token: string | undefined, certificate: boolean) {
    this.#token = token;
    this.#certificate = certificate;
  }

  /** From now on this token alone is good: the one before has run out. */
  accept(token: string): void {
    this.#token = token;
  }

  /** Throws 401. */
  check(message: IncomingMessage): void {
    if (this.#token === undefined && !this.#certificate) return;
    if (this.#token !== undefined && message.headers.authorization === `Bearer ${this.#token}`) return;
    const { socket } = message;
    if (this.#certificate && socket instanceof TLSSocket && socket.authorized) return;
    throw fail(401, "Unauthorized");
  }
}
