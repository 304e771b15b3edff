import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";

/** What is told of a client that closed its connection, or its stream, before it was answered. */
export const CLIENT_LEFT = "the client closed the connection";

/** nginx's status in the log for it. */
export const CLIENT_LEFT_STATUS = 499;

/** Stops what is under way for a request whose client has left, and tells of it. Nothing is, once it was answered. */
export function clientLeft(context: Pick<ProxyContext, "tell">, exchange: Exchange): void {
  const { inFlight } = exchange;
  if (inFlight === undefined) return;
  exchange.inFlight = undefined;
  inFlight.stop(new Error(CLIENT_LEFT));
  exchange.error = CLIENT_LEFT;
  if (exchange.status === 0) exchange.status = CLIENT_LEFT_STATUS;
  context.tell(exchange);
}
