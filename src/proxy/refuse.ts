import type { Duplex } from "node:stream";
import type { ClientConnection } from "./connection.ts";
import type { ProxyContext } from "./context.ts";
import { errorPage, statusText } from "./pages.ts";
import { lingerOn } from "./reply.ts";

/** Answers on a connection that has no response object, and ends it once what came before has been answered. */
export function refuse(
  context: ProxyContext,
  connection: ClientConnection,
  socket: Duplex,
  status: number,
  body: string = errorPage(status).body,
): void {
  const write = () => {
    connection.closing = true;
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    lingerOn(socket, context.limits.lingerMs);
    socket.write(rawAnswer(status, body, new Date(context.now())), "latin1");
    if ("destroySoon" in socket && typeof socket.destroySoon === "function") socket.destroySoon();
  };
  if (connection.open === 0) write();
  else connection.onIdle = write;
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

/** The request line at the start of what could not be parsed, where it can be made out. */
export function requestLineOf(bytes: Buffer | undefined): { method: string; target: string } | undefined {
  if (bytes === undefined) return undefined;
  const found = /^([A-Z]{1,32}) ([^\s]+) HTTP\/\d/.exec(bytes.toString("latin1", 0, 16_384));
  const [, method, target] = found ?? [];
  return method === undefined || target === undefined ? undefined : { method, target };
}

/** The status for what Node's parser says of bytes that are no request. */
export function parseErrorStatus(code: string, bytes: Buffer | undefined): number {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT") return 408;
  if (code !== "HPE_HEADER_OVERFLOW") return 400;
  const text = bytes?.toString("latin1") ?? "";
  return /^[A-Z]+ \S*$/.test(text) ? 414 : 431;
}
