import { connect, type Socket } from "node:net";

/** Asks a path one time after the other, about each millisecond, and knows the longest wait for an answer. */
export class Prober {
  readonly #socket: Socket;
  readonly #head: string;
  #sentAt = 0;
  #longest = 0;
  #isStopped = false;

  constructor(port: number, host: string) {
    this.#head = `GET / HTTP/1.1\r\nHost: ${host}\r\n\r\n`;
    this.#socket = connect(port, "127.0.0.1");
    this.#socket.setNoDelay(true).once("connect", () => this.#ask());
    this.#socket.on("data", (chunk: Buffer) => {
      // The end of the echo's JSON.
      if (chunk.at(-1) !== 0x0a && chunk.at(-1) !== 0x7d) return;
      this.#longest = Math.max(this.#longest, performance.now() - this.#sentAt);
      setTimeout(() => this.#ask(), 1);
    });
    this.#socket.on("error", () => this.stop());
  }

  /** Begins a span; its function gives the longest wait within it. unit: ms */
  longest(): () => number {
    this.#longest = 0;
    return () => this.#longest;
  }

  stop(): void {
    this.#isStopped = true;
    this.#socket.destroy();
  }

  #ask(): void {
    if (this.#isStopped) return;
    this.#sentAt = performance.now();
    this.#socket.write(this.#head);
  }
}
