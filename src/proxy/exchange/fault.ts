import { asError, contain } from "../../contain.ts";
import { AnswerEvents } from "../../http1/answer-events.ts";
import { reason } from "../../model/reason.ts";
import { causeOf } from "../connect/connect.ts";
import type { Answering } from "./answering.ts";
import type { Exchange } from "./exchange.ts";
import { cutOff } from "./reply.ts";
import { ProxyStopped } from "./stopped.ts";

/**
 * Ends a request after an unexpected exception: 500, or a visibly incomplete response. Reports the fault;
 * other requests go on. Never throws.
 */
export function endFaulty(context: Answering, exchange: Exchange, fault: unknown): void {
  if (!(fault instanceof ProxyStopped)) context.onFault(fault);
  const { inFlight } = exchange;
  exchange.settle();
  inFlight?.stop(asError(fault));
  if (exchange.error === undefined) exchange.failed(`internal: ${causeOf(fault)}`);
  try {
    if (exchange.status === 0 && !exchange.response.headersSent)
      context.answer(exchange, { status: 500, why: [reason("internal", `internal: ${causeOf(fault)}`)] });
    else {
      context.tell(exchange);
      cutOff(exchange.response);
    }
    // A tunnel is only its connection.
    if (exchange.status === 101) exchange.connection.destroy();
  } catch (again) {
    context.onFault(again);
    exchange.connection.destroy();
  }
}

/** Streams of one request; exceptions of their listeners end it. */
export function containAll(
  context: Answering,
  exchange: Exchange,
  ...emitters: readonly Parameters<typeof contain>[0][]
): void {
  const caught = (fault: unknown) => endFaulty(context, exchange, fault);
  for (const emitter of emitters) {
    if (emitter instanceof AnswerEvents) emitter.caught ??= caught;
    else contain(emitter, caught);
  }
}
