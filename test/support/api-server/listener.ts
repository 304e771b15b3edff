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

export interface Handlers {
  readonly request: (message: IncomingMessage, response: ServerResponse) => void;
  readonly upgrade: (message: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** Resets a connection, or closes one with TLS, which Node cannot reset. */
export function reset(socket: Socket | null): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket?.resetAndDestroy();
}

/** A port of the loopback that can be released and taken again. */
export class Listener {
  readonly #server: Server;
  readonly #scheme: "http" | "https";
  readonly #sockets = new Set<Socket>();
  #port = 0;

  /** Certificates make it https; `askForCertificate` requests the client's. */
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

  /** The number of open connections. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** Listens on a port (0: a free one). default: the last one. Rejects for a taken port. */
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

  /** Stops listening and closes every connection. */
  async shut(): Promise<void> {
    const closed = this.#server.listening
      ? new Promise<void>((resolve) => this.#server.close(() => resolve()))
      : Promise.resolve();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }
}
