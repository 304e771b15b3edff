import type { Telling } from "./answering.ts";
import type { Exchange } from "./exchange.ts";
import { CLIENT_LEFT } from "./hit-record.ts";

/** Stops an unanswered request whose client left, and reports it. */
export function clientLeft(telling: Telling, exchange: Exchange): void {
  const { inFlight } = exchange;
  if (inFlight === undefined) return;
  exchange.settle();
  inFlight.stop(new Error(CLIENT_LEFT));
  exchange.clientLeft();
  telling.tell(exchange);
}
