import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { fail } from "./status.ts";

/** Authentication. */
export class Credentials {
  #token: string | undefined;
  readonly #certificate: boolean;

  /** Without token and certificate everybody is accepted. */
  constructor(token: string | undefined, certificate: boolean) {
    this.#token = token;
    this.#certificate = certificate;
  }

  /** Accepts only this token from now on. */
  accept(token: string): void {
    this.#token = token;
  }

  /** @throws ApiError 401 */
  check(message: IncomingMessage): void {
    if (this.#token === undefined && !this.#certificate) return;
    if (this.#token !== undefined && message.headers.authorization === `Bearer ${this.#token}`) return;
    const { socket } = message;
    if (this.#certificate && socket instanceof TLSSocket && socket.authorized) return;
    throw fail(401, "Unauthorized");
  }
}
