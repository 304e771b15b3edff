import type { LimitGuard, Rate } from "../../../model/guard.ts";
import type { Step } from "../../../step/step.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";
import { patienceOf } from "../../traefik/patience.ts";
import type { Location } from "../location.ts";
import type { Unbuilt } from "../matching.ts";

/** An `allowlist-source-range` that is there and empty switches the other one off as well. */
export function sourceRangeSteps({ annotations }: Location): readonly Step[] | Unbuilt {
  const annotation = annotations.has("allowlist-source-range")
    ? "allowlist-source-range"
    : "whitelist-source-range";
  const text = annotations.text(annotation) ?? "";
  if (text === "") return [];
  const allow = readAddresses(text);
  if (allow === undefined)
    return { why: `${JSON.stringify(text)} has something that is no address and no network`, annotation };
  const why = annotations.because(
    "addresses",
    annotation,
    `only ${text} may come in (${annotations.nameOf(annotation)})`,
  );
  return [{ kind: "guard", guard: { kind: "addresses", allow, why } }];
}

const USUAL_MULTIPLIER = 5;
const TOO_MANY = { rate: 429, connections: 429 } as const;

/** Counted for each path, by a bucket that holds limit × multiplier requests. */
export function limitSteps({ annotations, router }: Location): readonly Step[] {
  const multiplier = annotations.integer("limit-burst-multiplier") ?? USUAL_MULTIPLIER;
  const times = multiplier < 1 ? USUAL_MULTIPLIER : multiplier;
  const rates: Rate[] = [];
  for (const [annotation, seconds] of [
    ["limit-rpm", 60],
    ["limit-rps", 1],
  ] as const) {
    const limit = annotations.integer(annotation) ?? 0;
    if (limit <= 0) continue;
    const zone = `${router} ${annotation}`;
    const perSecond = (limit * 1000) / seconds;
    rates.push({ zone, annotation, perSecond, burst: limit * times - 1, patience: patienceOf(perSecond) });
  }
  const atOnce = annotations.integer("limit-connections") ?? 0;
  const connections = atOnce > 0 ? { zone: `${router} limit-connections`, atOnce } : undefined;
  if (rates.length === 0 && connections === undefined) return [];
  const first = rates[0]?.annotation ?? "limit-connections";
  const why = annotations.because("limits", first, `${annotations.nameOf(first)} limits each client`);
  const guard: LimitGuard = {
    kind: "limits",
    rates,
    connections,
    status: TOO_MANY,
    retryAfter: "told",
    apart: "entry points",
    why,
  };
  return [{ kind: "guard", guard }];
}

/** Each router counts for itself: its middlewares are its own. */
export function countedApart(steps: readonly Step[], suffix: string): readonly Step[] {
  if (suffix === "") return steps;
  return steps.map((step) => {
    if (step.kind !== "guard" || step.guard.kind !== "limits") return step;
    const { rates, connections } = step.guard;
    const guard = {
      ...step.guard,
      rates: rates.map((rate) => ({ ...rate, zone: rate.zone + suffix })),
      connections: connections && { ...connections, zone: connections.zone + suffix },
    };
    return { ...step, guard };
  });
}
