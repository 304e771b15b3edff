import type { Upstream } from "../../model/upstream.ts";
import { causeOf } from "../connect/connect.ts";
import type { ProxyContext } from "../exchange/context.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { failureOf } from "../exchange/failure.ts";
import { bodyOf, type Forward, isMeasured } from "./backend-request.ts";
import { sendCopy } from "./mirror.ts";

/** Whether something is to be done with a request before it goes on: its body read whole, a copy of it sent. */
export function isGathered(context: ProxyContext, exchange: Exchange, decision: Forward): boolean {
  return decision.mirror !== undefined || isReadWhole(context, exchange, decision);
}

function isReadWhole(context: ProxyContext, exchange: Exchange, decision: Forward): boolean {
  return decision.route.transport.buffers?.request === "gathered" || isMeasured(context, exchange, decision);
}

/**
 * Reads the body of a request whole, as far as that much is kept of one, sends its copy, and lets it go on. What goes
 * wrong with the body on the way is answered; a client that leaves is not followed.
 */
export function gather(
  context: ProxyContext,
  exchange: Exchange,
  decision: Forward,
  upstream: Upstream,
  goOn: () => void,
): void {
  const { mirror } = decision;
  const body = bodyOf(context, exchange, decision);
  const wanted = mirror?.body === "sent" || isReadWhole(context, exchange, decision);
  if (body === undefined || !wanted) {
    if (mirror !== undefined) sendCopy(context, exchange, mirror, undefined);
    goOn();
    return;
  }
  const end = (error: Error) => {
    body.close();
    exchange.errand = undefined;
    exchange.error = causeOf(error);
  };
  const fail = (error: Error) => {
    end(error);
    context.answer(exchange, failureOf(decision, upstream, error));
  };
  exchange.errand = {
    abandon() {
      end(new Error("the client closed the connection"));
      // What nginx logs for a client that left before it was answered.
      exchange.status = 499;
      context.tell(exchange);
    },
    fail,
  };
  body.gather((error, chunks) => {
    if (error !== undefined) return fail(error);
    exchange.errand = undefined;
    const whole = mirror?.body === "left-out" ? undefined : chunks && Buffer.concat(chunks);
    // Of a body that is longer than what is kept there is no copy.
    if (mirror !== undefined && (chunks !== undefined || mirror.body === "left-out"))
      sendCopy(context, exchange, mirror, whole);
    goOn();
  });
}
