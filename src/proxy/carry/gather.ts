import type { ForwardDecision } from "../../model/decision.ts";
import type { Upstream } from "../../model/upstream.ts";
import type { ClientBody } from "../exchange/client-body.ts";
import type { Exchange } from "../exchange/exchange.ts";
import { isMeasured } from "./backend-request.ts";
import type { Carrying } from "./carrying.ts";
import { sendCopy } from "./mirror.ts";

/** True if the body is read whole first, or copied. */
export function isGathered(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  upstream: Upstream,
): boolean {
  return decision.mirror !== undefined || isReadWhole(context, exchange, decision, upstream);
}

function isReadWhole(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  upstream: Upstream,
): boolean {
  const { buffers } = decision.route.transport;
  return buffers?.request === "gathered" || isMeasured(context, exchange, decision, upstream);
}

/** Reads a body up to the kept size, sends its copy, and calls back, with an error if one occurred. */
export function gather(
  context: Carrying,
  exchange: Exchange,
  decision: ForwardDecision,
  upstream: Upstream,
  body: ClientBody | undefined,
  done: (error?: Error) => void,
): void {
  const { mirror, copies = [] } = decision;
  const wanted = mirror?.body === "sent" || isReadWhole(context, exchange, decision, upstream);
  if (body === undefined || !wanted) {
    if (mirror !== undefined)
      for (const each of [mirror, ...copies]) sendCopy(context, exchange, each, undefined);
    done();
    return;
  }
  body.gather((error, chunks) => {
    if (error !== undefined) return done(error);
    const whole = mirror?.body === "left-out" ? undefined : chunks && Buffer.concat(chunks);
    // A body beyond the kept size has no copy.
    if (mirror !== undefined && (chunks !== undefined || mirror.body === "left-out"))
      for (const each of [mirror, ...copies]) sendCopy(context, exchange, each, whole);
    done();
  });
}
