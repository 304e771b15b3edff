import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createWebSocketStream, WebSocketServer } from "ws";
import type { Fault } from "../fault.ts";
import type { ApiRequest } from "../request.ts";
import { failure } from "../status.ts";
import type { World } from "../world.ts";
import { ChannelForward } from "./channels.ts";
import { refuse } from "./refuse.ts";
import { SPDY_PORT_FORWARD, SpdySession } from "./spdy/session.ts";

const V5 = "v5.channel.k8s.io";

/** The subprotocol in which kubectl sends SPDY through a WebSocket. */
const TUNNEL = `SPDY/3.1+${SPDY_PORT_FORWARD}`;

/** Answers a WebSocket upgrade of a port-forward: frames of SPDY in it, or channels. */
export function forwardOverWebSocket(
  world: World,
  request: ApiRequest,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  fault: Fault | undefined,
): void {
  const offered = (message.headers["sec-websocket-protocol"] ?? "").split(",").map((one) => one.trim());
  const protocol = world.portForwardProtocols.find((one) => offered.includes(one));
  if (protocol === undefined) {
    refuse(socket, failure(403, `unable to upgrade: no protocol of ${offered.join(", ")} is known`));
    return;
  }
  const ports = request.query.getAll("ports").flatMap((text) => text.split(",").map(Number));
  if (protocol !== TUNNEL && (ports.length === 0 || ports.some((port) => !(port >= 1 && port <= 65_535)))) {
    refuse(socket, failure(400, 'query parameter "ports" is required'));
    return;
  }
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("headers", (headers) => headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  server.handleUpgrade(withoutProtocol(message), socket, head, (webSocket) => {
    if (protocol === TUNNEL) {
      new SpdySession(world, request, createWebSocketStream(webSocket), socket as Socket, fault);
    } else {
      const wanted = { ports, halfClose: protocol === V5, fault };
      new ChannelForward(world, request, webSocket, socket as Socket, wanted);
    }
  });
}

/** The `ws` package takes no subprotocol with a `/`, which kubectl's has, so that the choice is made above. */
function withoutProtocol(message: IncomingMessage): IncomingMessage {
  const { "sec-websocket-protocol": _, ...headers } = message.headers;
  return Object.create(message, { headers: { value: headers } }) as IncomingMessage;
}
