import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";

/** For a client that closed its connection or stream before the answer. */
export const CLIENT_LEFT = "the client closed the connection";

/** nginx's log status for it. */
export const CLIENT_LEFT_STATUS = 499;

/** Stops an unanswered request whose client left, and reports it. */
export function clientLeft(context: Pick<ProxyContext, "tell">, exchange: Exchange): void {
  const { inFlight } = exchange;
  if (inFlight === undefined) return;
  exchange.inFlight = undefined;
  inFlight.stop(new Error(CLIENT_LEFT));
  exchange.error = CLIENT_LEFT;
  if (exchange.status === 0) exchange.status = CLIENT_LEFT_STATUS;
  context.tell(exchange);
}
