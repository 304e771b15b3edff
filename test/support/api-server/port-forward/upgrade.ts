import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { refusal } from "../answer.ts";
import type { Fault } from "../fault.ts";
import type { ApiRequest } from "../request.ts";
import { ApiError, fail, failure, noSuchResource, type StatusBody } from "../status.ts";
import type { World } from "../world.ts";
import { existing } from "../write.ts";
import { channelsOverWebSocket } from "./channels.ts";

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
  if (fault?.do === "silent") return;
  try {
    const refused = fault === undefined ? undefined : refusal(fault);
    if (refused !== undefined) throw new ApiError(refused.body as StatusBody, refused.headers);
    world.credentials.check(message);
    world.access.check(request);
    accept(world, request, message, socket, head, fault);
  } catch (error) {
    const known = error instanceof ApiError ? error : undefined;
    refuse(
      socket,
      known?.body ?? failure(500, `Internal error occurred: ${String(error)}`),
      known?.headers ?? [],
    );
  }
}

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
  if (message.headers.upgrade?.toLowerCase() !== "websocket") {
    throw fail(400, "Upgrade request required");
  }
  channelsOverWebSocket(world, request, message, socket, head, fault);
}

/** A plain answer on a socket that wanted to be more. */
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
