import { PASSED, refused, type Verdict } from "../../../match/outcome/verdict.ts";
import type { LimitGuard } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import { hasAddress } from "../../../request/address-list.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import type { Exchange } from "../../exchange/exchange.ts";

/** Rates before connections (nginx's order: limit_req, limit_conn). A refused request is not counted. */
export function askLimits(context: ProxyContext, exchange: Exchange, guard: LimitGuard): Verdict {
  const { remoteAddress } = exchange;
  const { rates, connections, exempt, status } = guard;
  if (exempt !== undefined && hasAddress(exempt, remoteAddress)) return PASSED;
  const over = context.zones.take(rates, remoteAddress);
  if (over !== undefined) {
    const why = `${over.annotation}: ${remoteAddress} has sent more than the rate and its burst of ${over.burst} allow`;
    return refused(status.rate, reason("rate-limit", why), guard.why);
  }
  if (connections === undefined) return PASSED;
  const leave = context.zones.enter(connections, remoteAddress);
  if (leave === undefined) {
    const why = `limit-connections: ${connections.atOnce} requests of ${remoteAddress} are in progress already`;
    return refused(status.connections, reason("connection-limit", why), guard.why);
  }
  exchange.leave = leave;
  return PASSED;
}
