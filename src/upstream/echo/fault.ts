import type { Duplex } from "node:stream";

const ANSWERS: ReadonlyMap<string, readonly [status: string, error: string]> = new Map([
  ["headers-too-large", ["431 Request Header Fields Too Large", "the headers are longer than 1 MiB"]],
  ["CONNECT", ["405 Method Not Allowed", "the echo service is no proxy: it does not CONNECT"]],
  [
    "UPGRADE",
    ["426 Upgrade Required", "the echo service speaks HTTP/1.1 and, after an upgrade, WebSocket only"],
  ],
]);

/** Answers what is not HTTP, or cannot be taken by the echo service, and closes the connection. */
export function answerFault(fault: { readonly code?: string | undefined }, connection: Duplex): void {
  connection.on("error", () => connection.destroy());
  if (!connection.writable || fault.code === "ECONNRESET") {
    connection.destroy();
    return;
  }
  const [status, error] = ANSWERS.get(fault.code ?? "") ?? ["400 Bad Request", "this is not an HTTP request"];
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${status}`,
    "Content-Type: application/json",
    "X-Ingress-Dev-Upstream: echo",
    ...(fault.code === "UPGRADE" ? ["Upgrade: websocket"] : []),
    `Connection: ${fault.code === "UPGRADE" ? "upgrade, close" : "close"}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  connection.once("finish", () => connection.destroy());
  connection.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}
