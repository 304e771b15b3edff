import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocketServer } from "ws";
import { answerFault } from "./fault.ts";

/** The longest WebSocket message that is echoed; a longer one closes the connection with 1009. */
const MOST_MESSAGE_BYTES = 100 * 1024 * 1024;
/** With more waiting for a client that does not read, its messages are not read either. */
const MOST_WAITING_BYTES = 1024 * 1024;

/** Takes over a connection whose client asked for an upgrade. */
export type Upgrade = (request: IncomingMessage, connection: Duplex, head: Buffer) => Promise<void>;

/**
 * Echoes WebSocket messages (RFC 6455): text as text, binary as binary, a close with its own code. The first upgrade
 * loads `ws`. Any other protocol gets 426.
 */
export function createUpgrade(): Upgrade {
  let loading: Promise<WebSocketServer> | undefined;
  return async (request, connection, head) => {
    connection.on("error", () => connection.destroy());
    if (!asksForWebSocket(request)) {
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
      connection.resume();
    });
  };
}

async function loadServer(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import("ws");
  return new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: MOST_MESSAGE_BYTES });
}

function asksForWebSocket(request: IncomingMessage): boolean {
  const protocols = (request.headers.upgrade ?? "").split(",");
  return protocols.some((protocol) => protocol.trim().toLowerCase() === "websocket");
}
