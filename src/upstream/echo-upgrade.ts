import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocketServer } from "ws";
import { answerFault } from "./echo-fault.ts";

/** The longest WebSocket message that is echoed; a longer one closes the connection with 1009. */
const MOST_MESSAGE_BYTES = 100 * 1024 * 1024;
/** So much may wait for a client that does not read; then its messages are not read either. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** Takes over a connection on which the client asked for an upgrade. */
export type Upgrade = (request: IncomingMessage, connection: Duplex, head: Buffer) => Promise<void>;

/**
 * Echoes WebSocket messages (RFC 6455): text as text, binary as binary, a close with its own code. The first upgrade
 * loads `ws`. Any other protocol is answered with 426.
 */
export function createUpgrade(): Upgrade {
  let loading: Promise<WebSocketServer> | undefined;
  return async (request, connection, head) => {
    connection.on("error", () => connection.destroy());
    if (!namesProtocol(request, "websocket")) {
      answerFault({ code: "UPGRADE" }, connection);
      return;
    }
    loading ??= loadServer();
    const server = await loading;
    server.handleUpgrade(request, connection, head, (socket) => {
      // A bad frame: ws closes with 1002, 1007 or 1009 by itself.
      socket.on("error", () => {});
      socket.on("message", (message, isBinary) => {
        socket.send(message, { binary: isBinary }, () => socket.resume());
        if (socket.bufferedAmount > MOST_WAITING_BYTES) socket.pause();
      });
    });
  };
}

async function loadServer(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import("ws");
  return new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: MOST_MESSAGE_BYTES });
}

/**
 * Whether the upgrade is one to HTTP/2 in clear text, which servers ignore (RFC 9113 section 3.1 made it obsolete) and
 * answer like any other request. `curl --http2` and Java's client ask for it with every first request. If so, the
 * request is put back into the connection without the wish, to be read again.
 */
export function putBackIgnored(request: IncomingMessage, connection: Duplex, head: Buffer): boolean {
  if (!namesProtocol(request, "h2c") || namesProtocol(request, "websocket")) return false;
  const lines = [`${request.method} ${request.url} HTTP/${request.httpVersion}`];
  const raw = request.rawHeaders;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = raw[at] ?? "";
    const value = raw[at + 1] ?? "";
    lines.push(`${name}: ${name.toLowerCase() === "connection" ? closing(value) : value}`);
  }
  connection.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  return true;
}

function namesProtocol(request: IncomingMessage, protocol: string): boolean {
  return tokens(request.headers.upgrade ?? "").includes(protocol);
}

/** Without the wish, and with another: a connection that was to change its protocol is not used again. */
function closing(connection: string): string {
  return tokens(connection)
    .map((token) => (token === "upgrade" ? "close" : token))
    .join(", ");
}

function tokens(list: string): string[] {
  return list.split(",").map((token) => token.trim().toLowerCase());
}
