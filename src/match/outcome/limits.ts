import type { HeaderLine } from "../../model/decision.ts";
import type { LimitGuard, Rate } from "../../model/guard.ts";
import { reason } from "../../model/reason.ts";
import { hasAddress } from "../../request/address/address-list.ts";
import { goDuration } from "../../request/go-duration.ts";
import { PASSED, refused, type Verdict } from "./verdict.ts";

/** The counts behind `limit_req` and `limit_conn`. */
export interface ClientCounts {
  /** Counts a request against all the rates, or against none if it is over one of them: that one is returned. */
  readonly take: (rates: readonly Rate[], client: string) => Rate | undefined;
  /** The rest of a client's rate; below 1 the next request is over it. default: unknown. unit: requests */
  readonly left?: ((rate: Rate, client: string) => number) | undefined;
  /** Counts a request as one in progress, unless so many are already. */
  readonly enter: (connections: NonNullable<LimitGuard["connections"]>, client: string) => "entered" | "full";
}

/** Rates first, then requests in progress (nginx's order: limit_req, limit_conn). A request that is refused counts for nothing. */
export function judgeLimits(guard: LimitGuard, from: string, counts: ClientCounts): Verdict {
  const { rates, connections, exempt, status, why, counts: shared, answer } = guard;
  const { text: page, client: address = from } = guard;
  if (exempt !== undefined && hasAddress(exempt, address)) return PASSED;
  const over = counts.take(rates, shared === undefined ? address : "");
  const told =
    guard.told === undefined ? undefined : leftHeaders(rates, shared === undefined ? address : "", counts);
  if (over !== undefined) {
    const text = `${over.annotation}: ${address} has sent more than the rate and its burst of ${over.burst} allow`;
    const headers = guard.retryAfter === undefined ? told : retryHeaders(over, counts.left?.(over, address));
    return { ...refused(status.rate, reason("rate-limit", text), why), text: page, headers, ...answer };
  }
  if (told !== undefined) return { kind: "passed", responseHeaders: told };
  if (
    connections === undefined ||
    counts.enter(connections, shared === undefined ? address : "") === "entered"
  )
    return passedLate(rates, address, counts);
  const whose = shared === undefined ? ` of ${address}` : "";
  const text = `${connections.setting ?? "limit-connections"}: ${connections.atOnce} requests${whose} are in progress already`;
  return { ...refused(status.connections, reason("connection-limit", text), why), text: page, ...answer };
}

/** local_ratelimit.cc of Envoy; the time to the next request in whole seconds. */
function leftHeaders(
  rates: readonly Rate[],
  client: string,
  { left }: ClientCounts,
): readonly HeaderLine[] | undefined {
  const [rate] = rates;
  if (rate === undefined || left === undefined) return undefined;
  const tokens = left(rate, client);
  const waitMs = tokens >= 1 ? 0 : Math.round(((1 - tokens) * 1_000_000) / rate.perSecond);
  return [
    ["x-ratelimit-limit", String(rate.burst + 1)],
    ["x-ratelimit-remaining", String(Math.floor(tokens))],
    ["x-ratelimit-reset", String(Math.floor(waitMs / 1_000))],
  ];
}

/** A request above the burst waits until the rate allows for it. */
function passedLate(rates: readonly Rate[], client: string, { left }: ClientCounts): Verdict {
  let waitMs = 0;
  for (const rate of rates)
    if (rate.patience !== undefined && left !== undefined)
      waitMs = Math.max(waitMs, (-left(rate, client) * MS_BY_THOUSANDTHS) / rate.perSecond);
  return waitMs > 0 ? { kind: "passed", waitMs } : PASSED;
}

/** A thousand ms for a thousand thousandths. */
const MS_BY_THOUSANDTHS = 1_000_000;

/** `left`: of the rate. Source: pkg/middlewares/ratelimiter/rate_limiter.go, serveDelayError */
function retryHeaders({ perSecond }: Rate, left = 0): readonly HeaderLine[] {
  const delayMs = ((1 - left) * MS_BY_THOUSANDTHS) / perSecond;
  return [
    ["Retry-After", String(Math.ceil(delayMs / 1_000))],
    ["X-Retry-In", goDuration(delayMs)],
  ];
}
