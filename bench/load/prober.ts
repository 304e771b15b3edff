import { connect, type Socket } from "node:net";

/**
 * Asks a path one time after the other, about each millisecond, and knows the longest wait for an answer. Connects anew where
 * the proxy closes the connection, as it does after `keep-alive-requests`.
 */
export class Prober {
  readonly #port: number;
  readonly #head: string;
  #socket: Socket | undefined;
  #sentAt = 0;
  #longest = 0;
  #isStopped = false;

  constructor(port: number, host: string) {
    this.#port = port;
    this.#head = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    this.#connect();
  }

  /** Begins a span; its function gives the longest wait within it, that which still lasts included. unit: ms */
  longest(): () => number {
    this.#longest = 0;
    return () => Math.max(this.#longest, this.#sentAt === 0 ? 0 : performance.now() - this.#sentAt);
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket?.destroy();
  }

  #connect(): void {
    const socket = connect(this.#port, "127.0.0.1");
    this.#socket = socket;
    socket.setNoDelay(true).once("connect", () => this.#ask(socket));
    socket.on("data", (chunk: Buffer) => {
      // The end of the echo's JSON.
      if (chunk.at(-1) !== 0x0a && chunk.at(-1) !== 0x7d) return;
      this.#longest = Math.max(this.#longest, performance.now() - this.#sentAt);
      this.#sentAt = 0;
      setTimeout(() => this.#ask(socket), 1);
    });
    socket.on("error", () => socket.destroy());
    socket.once("close", () => {
      if (!this.#isStopped) this.#connect();
    });
  }

  #ask(socket: Socket): void {
    if (!socket.writable) return;
    this.#sentAt = performance.now();
    socket.write(this.#head);
  }
}
