import type { Socket } from "node:net";
import type { ProxyContext } from "../exchange/context.ts";
import { statusText } from "../exchange/pages.ts";
import { lingerOn } from "../exchange/reply.ts";

/** Answers with a page on a connection on which nothing was read as a request, and ends it. */
export function refuse(context: ProxyContext, socket: Socket, status: number, body: string): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  lingerOn(socket, context.limits.lingerMs);
  socket.write(rawAnswer(status, body, new Date(context.now())), "latin1");
  socket.destroySoon();
}

function rawAnswer(status: number, body: string, now: Date): string {
  return [
    `HTTP/1.1 ${status} ${statusText(status)}`,
    `Date: ${now.toUTCString()}`,
    "Content-Type: text/html",
    `Content-Length: ${Buffer.byteLength(body)}`,
    "Connection: close",
    "",
    body,
  ].join("\r\n");
}
