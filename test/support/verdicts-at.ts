import { judgeLimits } from "../../src/match/outcome/limits.ts";
import type { LimitGuard } from "../../src/model/guard.ts";
import { createZones } from "../../src/proxy/decide/guards/zones.ts";

/** What becomes of requests at some times: `passes`, `waits` so many ms, or when to come again. unit: ms */
export function verdictsAt(guard: LimitGuard, times: readonly number[]): readonly string[] {
  let now = 0;
  const { take, left } = createZones(() => now);
  return times.map((time) => {
    now = time;
    const verdict = judgeLimits(guard, "127.0.0.1", { take, left, enter: () => "entered" });
    if (verdict.kind !== "refused")
      return verdict.kind === "passed" && verdict.waitMs !== undefined
        ? `waits ${Math.round(verdict.waitMs)}`
        : "passes";
    return (verdict.headers ?? []).map(([, value]) => value).join(" ");
  });
}
