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
  return decision.mirrors !== undefined || isReadWhole(context, exchange, decision, upstream);
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
  const { mirrors = [] } = decision;
  const isSent = mirrors.some((mirror) => mirror.body === "sent");
  if (body === undefined || !(isSent || isReadWhole(context, exchange, decision, upstream))) {
    for (const mirror of mirrors) sendCopy(context, exchange, decision, mirror, undefined);
    done();
    return;
  }
  body.gather((error, chunks) => {
    if (error !== undefined) return done(error);
    const whole = isSent ? chunks && Buffer.concat(chunks) : undefined;
    for (const mirror of mirrors) {
      if (mirror.body === "left-out") sendCopy(context, exchange, decision, mirror, undefined);
      // A body beyond the kept size has no copy.
      else if (whole !== undefined) sendCopy(context, exchange, decision, mirror, whole);
    }
    done();
  });
}
