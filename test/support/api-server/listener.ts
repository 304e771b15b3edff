import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";
import type { Certificates } from "./certificate.ts";

/** What is done with what comes in. */
export interface Handlers {
  readonly request: (message: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (message: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Resets a connection; one with TLS, of which Node does not let go so, is closed. */
export function reset(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** A port of the loopback that can be given up and taken again. */
export class Listener {
  readonly #server: Server;
  readonly #scheme: "http" | "https";
  readonly #sockets = new Set<Socket>();
  #port = 0;

  /** With certificates, https; `askForCertificate` has clients show theirs. */
  constructor(handlers: Handlers, certificates: Certificates | undefined, askForCertificate: "ask" | "no") {
    this.#scheme = certificates === undefined ? "http" : "https";
    this.#server =
      certificates === undefined
        ? createHttpServer(handlers.request)
        : createHttpsServer(
            {
              ...certificates.server,
              ca: certificates.ca,
              requestCert: askForCertificate === "ask",
              rejectUnauthorized: false,
            },
            handlers.request,
          );
    this.#server.on("upgrade", handlers.upgrade);
    this.#server.on("tlsClientError", () => {});
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => {});
    });
  }

  get url(): string {
    return `${this.#scheme}://127.0.0.1:${this.#port}`;
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens on a port, 0 for a free one; without, on the one that it had. Rejects if it is taken. */
  async open(port = this.#port): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ host: "127.0.0.1", port }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** No longer listens, and lets go of every connection; done when the promise is. */
  async shut(): Promise<void> {
    const closed = this.#server.listening
      ? new Promise<void>((resolve) => this.#server.close(() => resolve()))
      : Promise.resolve();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
