import type { IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { refusal } from "../answer.ts";
import type { Fault } from "../fault.ts";
import type { ApiRequest } from "../request.ts";
import { ApiError, fail, failure, noSuchResource, type StatusBody } from "../status.ts";
import type { World } from "../world.ts";
import { existing } from "../write.ts";
import { refuse } from "./refuse.ts";
import { SPDY_PORT_FORWARD, SpdySession } from "./spdy/session.ts";
import { forwardOverWebSocket } from "./web-socket.ts";

/** Answers a request for an upgrade: a port-forward, or a refusal in plain HTTP. Never throws. */
export function upgrade(
  world: World,
  request: ApiRequest,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  socket.on("error", () => {});
  const fault = world.faults.take(request);
  if (fault?.do === "silent") {
    // Otherwise the client's end goes unnoticed.
    socket.resume().once("end", () => socket.destroy());
    return;
  }
  if (fault?.do === "garbage") {
    socket.end(NO_API);
    return;
  }
  const go = () => {
    try {
      const refused = fault === undefined ? undefined : refusal(fault);
      if (refused !== undefined) throw new ApiError(refused.body as StatusBody, refused.headers);
      world.credentials.check(message);
      world.access.check(request);
      accept(world, request, message, socket, head, fault);
    } catch (error) {
      const known = error instanceof ApiError ? error : undefined;
      const body = known?.body ?? failure(500, `Internal error occurred: ${String(error)}`);
      refuse(socket, body, known?.headers ?? []);
    }
  };
  if (fault?.do === "slow") setTimeout(go, fault.ms).unref();
  else go();
}

/** An upgrade's answer from anything but an API server. */
const NO_API = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<html></html>\n";

function accept(
  world: World,
  request: ApiRequest,
  message: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  fault: Fault | undefined,
): void {
  const { target } = request;
  if (target?.subresource !== "portforward") throw noSuchResource();
  existing(world, target);
  switch (message.headers.upgrade?.toLowerCase()) {
    case "websocket":
      forwardOverWebSocket(world, request, message, socket, head, fault);
      return;
    case "spdy/3.1":
      socket.write(SWITCHED);
      socket.unshift(head);
      new SpdySession(world, request, socket, socket as Socket, fault);
      return;
    default:
      throw fail(400, "Upgrade request required");
  }
}

const SWITCHED = [
  "HTTP/1.1 101 Switching Protocols",
  "Connection: Upgrade",
  "Upgrade: SPDY/3.1",
  `X-Stream-Protocol-Version: ${SPDY_PORT_FORWARD}`,
  "\r\n",
].join("\r\n");
