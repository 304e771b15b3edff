import type { HeaderLine } from "../../model/decision.ts";
import type { LimitGuard, Rate } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import { hasAddress } from "../../request/address-list.ts";
import { PASSED, refused, type Verdict } from "./verdict.ts";

/** The counts behind `limit_req` and `limit_conn`. */
export interface ClientCounts {
  /** Counts a request against all the rates, or against none if it is over one of them: that one is returned. */
  readonly take: (rates: readonly Rate[], client: string) => Rate | undefined;
  /** Counts a request as one in progress, unless so many are already. */
  readonly enter: (connections: NonNullable<LimitGuard["connections"]>, client: string) => "entered" | "full";
}

/** Rates first, then requests in progress (nginx's order: limit_req, limit_conn). A request that is refused counts for nothing. */
export function judgeLimits(guard: LimitGuard, from: string, counts: ClientCounts): Verdict {
  const { rates, connections, exempt, status, why, counts: shared, answer } = guard;
  const { text: page, client: address = from } = guard;
  if (exempt !== undefined && hasAddress(exempt, address)) return PASSED;
  const over = counts.take(rates, shared === undefined ? address : "");
  if (over !== undefined) {
    const text = `${over.annotation}: ${address} has sent more than the rate and its burst of ${over.burst} allow`;
    const headers = guard.retryAfter === undefined ? undefined : retryHeaders(over);
    return { ...refused(status.rate, reason("rate-limit", text), why), text: page, headers, ...answer };
  }
  if (connections === undefined || counts.enter(connections, address) === "entered") return PASSED;
  const text = `limit-connections: ${connections.atOnce} requests of ${address} are in progress already`;
  return { ...refused(status.connections, reason("connection-limit", text), why), text: page };
}

/** pkg/middlewares/ratelimiter/rate_limiter.go, serveDelayError */
function retryHeaders({ perSecond }: Rate): readonly HeaderLine[] {
  const seconds = 1_000 / perSecond;
  return [
    ["Retry-After", String(Math.ceil(seconds))],
    ["X-Retry-In", `${seconds}s`],
  ];
}
