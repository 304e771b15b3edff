import { PASSED, refused, type Verdict } from "../../../match/outcome/verdict.ts";
import type { LimitGuard } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import { hasAddress } from "../../../request/address-list.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Zones } from "./zones.ts";

/** Rates before connections (nginx's order: limit_req, limit_conn). A refused request is not counted. */
export function askLimits(zones: Zones, exchange: Exchange, guard: LimitGuard, address: string): Verdict {
  const { rates, connections, exempt, status } = guard;
  if (exempt !== undefined && hasAddress(exempt, address)) return PASSED;
  const over = zones.take(rates, address);
  if (over !== undefined) {
    const why = `${over.annotation}: ${address} has sent more than the rate and its burst of ${over.burst} allow`;
    return refused(status.rate, reason("rate-limit", why), guard.why);
  }
  if (connections === undefined) return PASSED;
  const leave = zones.enter(connections, address);
  if (leave === undefined) {
    const why = `limit-connections: ${connections.atOnce} requests of ${address} are in progress already`;
    return refused(status.connections, reason("connection-limit", why), guard.why);
  }
  exchange.whenOver(leave);
  return PASSED;
}
