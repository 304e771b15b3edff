import { connect as connectTcp, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { LARGE_BYTES } from "../beside/backend.ts";
import type { Load } from "./load.ts";
import { HEADERS, SMALL_PATH, type Turn } from "./turn.ts";

const PIECE = Buffer.alloc(65_536, "x");

/** One connection's HTTP/1.1 requests, written and read without Node's client, which costs more than the proxies do. */
export function askRaw(load: Load, turn: Turn, at: number): Promise<void> {
  const { kind, port, hosts } = load;
  const socket: Socket =
    kind === "https"
      ? connectTls({ port, host: "127.0.0.1", servername: hosts[0] ?? "", rejectUnauthorized: false })
      : connectTcp(port, "127.0.0.1");
  socket.setNoDelay(true);
  const heads = hosts.map((host) => headOf(kind, host));
  let next = at % heads.length;
  return new Promise((done, fail) => {
    let started = 0;
    const ask = () => {
      if (!turn.take()) {
        socket.destroy();
        done();
        return;
      }
      started = performance.now();
      // A step that meets all hosts in an order that no cache foresees.
      next = (next + 7_919) % heads.length;
      socket.write(heads[next] ?? "");
      if (kind === "upload") upload(socket);
    };
    const reader = new AnswerReader((status) => {
      if (status < 200 || status > 299) {
        socket.destroy();
        fail(new Error(`status ${status}`));
        return;
      }
      turn.took(performance.now() - started);
      ask();
    });
    socket.once(kind === "https" ? "secureConnect" : "connect", ask);
    socket.on("data", (chunk: Buffer) => reader.read(chunk));
    socket.once("error", fail);
    socket.once("close", () => fail(new Error("the connection was closed")));
  });
}

function headOf(kind: Load["kind"], host: string): string {
  const lines = Object.entries({ Host: host, ...HEADERS }).map(([name, value]) => `${name}: ${value}\r\n`);
  if (kind === "upload")
    return `POST /upload HTTP/1.1\r\n${lines.join("")}Content-Length: ${LARGE_BYTES}\r\n\r\n`;
  const path = kind === "download" ? "/large" : SMALL_PATH;
  return `GET ${path} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

function upload(socket: Socket): void {
  let left = LARGE_BYTES;
  const more = () => {
    while (left > 0) {
      const part = left < PIECE.length ? PIECE.subarray(0, left) : PIECE;
      left -= part.length;
      if (!socket.write(part)) return void socket.once("drain", more);
    }
  };
  more();
}

/** Counts answers with `Content-Length` or chunks; bodies are thrown away. */
class AnswerReader {
  readonly #answered: (status: number) => void;
  /** Bytes of a head, or of chunks, that are not complete yet. */
  #kept = "";
  /** Rest of the body by its length; -1: within a head; -2: within chunks */
  #left = -1;
  #status = 0;

  constructor(answered: (status: number) => void) {
    this.#answered = answered;
  }

  read(chunk: Buffer): void {
    if (this.#left >= 0) {
      this.#left -= chunk.length;
      if (this.#left <= 0) this.#end();
      return;
    }
    this.#kept += chunk.toString("latin1");
    if (this.#left === -1 && !this.#head()) return;
    if (this.#left === -2 && this.#kept.endsWith("0\r\n\r\n")) this.#end();
  }

  #head(): boolean {
    const end = this.#kept.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = this.#kept.slice(0, end);
    const body = this.#kept.length - end - 4;
    this.#status = Number(head.slice(9, 12));
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) {
      this.#left = -2;
      return true;
    }
    this.#left = Number(length) - body;
    if (this.#left <= 0) this.#end();
    return true;
  }

  #end(): void {
    this.#left = -1;
    this.#kept = "";
    this.#answered(this.#status);
  }
}
