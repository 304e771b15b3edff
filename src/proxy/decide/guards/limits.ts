import { setTimeout } from "node:timers/promises";
import { judgeLimits } from "../../../match/outcome/limits.ts";
import type { PendingVerdict } from "../../../match/outcome/verdict.ts";
import type { LimitGuard } from "../../../model/guard.ts";
import type { Exchange } from "../../exchange/exchange.ts";
import type { Zones } from "./zones.ts";

/** A request counts as one in progress until its answer is out, or its client gone. */
export function askLimits(
  zones: Zones,
  exchange: Exchange,
  guard: LimitGuard,
  address: string,
): PendingVerdict {
  const verdict = judgeLimits(guard, address, {
    take: zones.take,
    left: zones.left,
    enter(connections, client) {
      const leave = zones.enter(connections, client);
      if (leave === undefined) return "full";
      exchange.whenOver(leave);
      return "entered";
    },
  });
  if (verdict.kind !== "passed" || verdict.waitMs === undefined) return verdict;
  return setTimeout(verdict.waitMs, verdict);
}
