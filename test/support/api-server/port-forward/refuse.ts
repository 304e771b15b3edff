import type { Duplex } from "node:stream";
import type { StatusBody } from "../status.ts";

/** Answers an upgrade in plain HTTP. */
export function refuse(
  socket: Duplex,
  status: StatusBody,
  headers: readonly (readonly [string, string])[] = [],
): void {
  const text = `${JSON.stringify(status)}\n`;
  const lines = [
    `HTTP/1.1 ${status.code ?? 500} ${(status.reason ?? "Error").replace(/(?<=[a-z])(?=[A-Z])/g, " ")}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    "Connection: close",
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${text}`);
}
