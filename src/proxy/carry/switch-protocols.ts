import type { Duplex } from "node:stream";
import { ClientResponse } from "../../http1/client-response.ts";
import type { ForwardDecision } from "../../model/decision.ts";
import { tunnel } from "../connect/tunnel.ts";
import type { Exchange } from "../exchange/exchange.ts";
import type { BackendHead } from "./carrier.ts";
import type { Carrying } from "./carrying.ts";
import { clientHeaders } from "./delivery/response-head.ts";

/** The client's side of a tunnel. */
export interface Tunnel {
  readonly socket: Duplex;
  /** The client's bytes after its head so far; called once. */
  readonly early: () => Buffer;
}

interface Switched {
  readonly head: BackendHead;
  readonly stream: Duplex;
  /** Bytes after its head. */
  readonly first: Buffer;
}

/** Passes on a backend's 101 with unchanged headers, and joins both connections. */
export function switchProtocols(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  { socket, early }: Tunnel,
  { head, stream, first }: Switched,
): void {
  const { response, connection } = exchange;
  if (response instanceof ClientResponse) response.release();
  exchange.begun(head.status);
  const { headers } = clientHeaders(context, exchange, decision, head.raw);
  const lines = ["HTTP/1.1 101 Switching Protocols", `Date: ${context.date()}`, "Connection: upgrade"];
  for (let i = 0; i + 1 < headers.length; i += 2) lines.push(`${headers[i]}: ${headers[i + 1]}`);
  exchange.recording?.head("101 Switching Protocols", ["Connection", "upgrade", ...headers]);
  lines.push("", "");
  socket.write(lines.join("\r\n"), "latin1");
  connection.endless = true;
  const { readTimeoutMs, idleTimeoutMs = readTimeoutMs } = decision.route.transport;
  const bounds = { idleMs: idleTimeoutMs, lingerMs: context.limits.lingerMs };
  tunnel({ socket, head: early(), stream }, first, bounds, (bytes, error) => {
    exchange.sent(bytes);
    if (error !== undefined) exchange.failed(error);
    context.tell(exchange);
  });
}
