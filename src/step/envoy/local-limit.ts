import type { LimitGuard, Rate } from "../../model/guard.ts";
import type { Reason } from "../../model/reason.ts";
import type { Condition } from "../../model/route/selection.ts";
import { conditionHolds } from "../../select/condition.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** `local_ratelimit` of Envoy: token buckets for requests that conditions tell apart. */
export interface EnvoyLocalLimitStep {
  readonly kind: "envoy-local-limit";
  /** Each that is for a request counts it. */
  readonly rules: readonly LocalLimitRule[];
  /** Counts what no rule is for. */
  readonly otherwise: Rate | undefined;
  /** `x-ratelimit-…` on every answer. default: none */
  readonly told: "x-ratelimit" | undefined;
  readonly why: Reason;
}

export interface LocalLimitRule {
  readonly rate: Rate;
  /** All hold. */
  readonly when: readonly Condition[];
  /** Each value of these headers, lower case, is counted by itself; without one the rule is for nobody. */
  readonly byHeaders: readonly string[];
  readonly byAddress: boolean;
}

export function limitLocally(at: Arrival, { rules, otherwise, told, why }: EnvoyLocalLimitStep): Change {
  const guards: LimitGuard[] = [];
  for (const { rate, when, byHeaders, byAddress } of rules) {
    if (!when.every((condition) => holds(condition, at))) continue;
    const values = byHeaders.map((name) => at.request.header(name));
    if (values.includes(undefined)) continue;
    const client = [...(byAddress ? [at.request.remoteAddress] : []), ...values].join(" ");
    guards.push(guardOf(rate, client, { told, why }));
  }
  if (guards.length === 0 && otherwise !== undefined) guards.push(guardOf(otherwise, "", { told, why }));
  return guards.length === 0 ? {} : { guards };
}

function holds(condition: Condition, { request, path }: Arrival): boolean {
  return conditionHolds(condition, { request, name: "", path }, "some");
}

function guardOf(
  rate: Rate,
  client: string,
  { told, why }: Pick<EnvoyLocalLimitStep, "told" | "why">,
): LimitGuard {
  const status = { rate: 429, connections: 429 };
  const counts = client === "" ? "everyone" : undefined;
  return { kind: "limits", rates: [rate], client, counts, status, told, text: "local_rate_limited", why };
}
