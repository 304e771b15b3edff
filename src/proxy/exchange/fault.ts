import { asError, contain } from "../../contain.ts";
import { reason } from "../../model/reason.ts";
import { causeOf } from "../connect/connect.ts";
import type { ProxyContext } from "./context.ts";
import type { Exchange } from "./exchange.ts";
import { cutOff } from "./reply.ts";
import { ProxyStopped } from "./stopped.ts";

/**
 * Ends a request for which something was thrown that should not have been: 500, or a response that is seen not to be
 * complete. The fault is told of; no other request is touched. Never throws.
 */
export function endFaulty(context: ProxyContext, exchange: Exchange, fault: unknown): void {
  if (!(fault instanceof ProxyStopped)) context.onFault(fault);
  const { inFlight } = exchange;
  exchange.inFlight = undefined;
  inFlight?.stop(asError(fault));
  exchange.error ??= `internal: ${causeOf(fault)}`;
  try {
    if (exchange.status === 0 && !exchange.response.headersSent)
      context.answer(exchange, { status: 500, why: [reason("internal", `internal: ${causeOf(fault)}`)] });
    else {
      context.tell(exchange);
      cutOff(exchange.response);
    }
    // A tunnel is nothing but its connection.
    if (exchange.status === 101) exchange.connection.destroy();
  } catch (again) {
    context.onFault(again);
    exchange.connection.destroy();
  }
}

/** A callback of a request's: what it throws ends that request. */
export function within<A extends unknown[]>(
  context: ProxyContext,
  exchange: Exchange,
  act: (...args: A) => void,
): (...args: A) => void {
  return (...args) => {
    try {
      act(...args);
    } catch (fault) {
      endFaulty(context, exchange, fault);
    }
  };
}

/** Streams and requests that serve one request: what their listeners throw ends it. */
export function containAll(
  context: ProxyContext,
  exchange: Exchange,
  ...emitters: readonly Parameters<typeof contain>[0][]
): void {
  for (const emitter of emitters) contain(emitter, (fault) => endFaulty(context, exchange, fault));
}
