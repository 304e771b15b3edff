/**
 * The backend of all contestants, in a process of its own: a small page, `GET /large` of 100 MB, any upload, and an
 * echo of WebSocket messages. Tells its port by a message.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { pathToFileURL } from "node:url";
import { WebSocketServer } from "ws";

/** unit: bytes */
export const LARGE_BYTES = 100_000_000;

export async function listenAsBackend(): Promise<number> {
  const small = Buffer.from("hello from the upstream\n");
  const piece = Buffer.alloc(65_536, "x");
  const server = createServer((request, response) => {
    if (request.method === "POST") {
      request.resume().once("end", () => response.end("taken\n"));
      return;
    }
    if (request.url !== "/large") {
      response.writeHead(200, { "Content-Type": "text/plain", "Content-Length": small.length });
      response.end(small);
      return;
    }
    response.writeHead(200, { "Content-Length": LARGE_BYTES });
    let left = LARGE_BYTES;
    const more = () => {
      while (left > 0) {
        const part = left < piece.length ? piece.subarray(0, left) : piece;
        left -= part.length;
        if (!response.write(part)) return void response.once("drain", more);
      }
      response.end();
    };
    more();
  });
  server.keepAliveTimeout = 0;
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on("connection", (socket) => {
    socket.on("message", (data, binary) => socket.send(data, { binary }));
    socket.on("error", () => socket.terminate());
  });
  await new Promise<void>((done) => server.listen({ port: 0, host: "127.0.0.1", backlog: 1024 }, done));
  return (server.address() as AddressInfo).port;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.send?.(await listenAsBackend());
  process.once("disconnect", () => process.exit());
}
