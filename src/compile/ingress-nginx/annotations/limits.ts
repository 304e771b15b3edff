import type { Addresses } from "../../../model/addresses.ts";
import type { LimitGuard, Rate } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import { readAddresses } from "../../nginx-annotations/addresses.ts";
import type { Annotations, Feature } from "../annotations.ts";
import { withLocation } from "../settings.ts";
import { documented } from "./documented.ts";

const BURST_MULTIPLIER = 5;

/** Period of each rate, in the template's order (template.go, buildRateLimit). unit: s */
const RATES = [
  { annotation: "limit-rps", seconds: 1, per: "second" },
  { annotation: "limit-rpm", seconds: 60, per: "minute" },
] as const;

/**
 * `limit-rps`, `limit-rpm`, `limit-connections`, `limit-burst-multiplier`, `limit-allowlist`
 * (annotations/ratelimit/main.go). Counts per client address over all paths of the Ingress.
 */
export const limits: Feature = {
  annotations: documented("Rate limits", {
    Low: "limit-rps limit-rpm limit-burst-multiplier limit-connections limit-allowlist limit-whitelist",
  }),
  apply: (annotations, settings) => {
    const guard = readGuard(annotations);
    if (guard === undefined) return settings;
    const guards = { ...settings.location.guards, limits: guard };
    return withLocation(settings, { guards });
  },
};

/** ngx_http_limit_conn. */
const MOST_CONNECTIONS = 65_535;

function readGuard(annotations: Annotations): LimitGuard | undefined {
  const multiplier = annotations.integer("limit-burst-multiplier") ?? BURST_MULTIPLIER;
  const numbers = RATES.map((rate) => ({
    ...rate,
    number: annotations.integer(rate.annotation) ?? 0,
  })).filter(({ number }) => number > 0);
  const atOnce = annotations.integer("limit-connections") ?? 0;
  const exempt = readExempt(annotations);
  if (numbers.length === 0 && atOnce <= 0) return undefined;
  if (numbers.length > 0 && multiplier < 1) {
    const what = `with ${multiplier} as its factor there is no burst that nginx takes`;
    const words = `invalid burst value "burst=${(numbers[0]?.number ?? 0) * multiplier}"`;
    annotations.report.stop("limit-burst-multiplier", words, what, "Write 1 or more.");
    return undefined;
  }
  if (atOnce > MOST_CONNECTIONS) {
    const what = `nginx counts up to ${MOST_CONNECTIONS} connections, not ${atOnce}`;
    annotations.report.stop("limit-connections", "connection limit must be less 65536", what, "Write less.");
    return undefined;
  }
  const rates = numbers.map(
    ({ annotation, seconds, number }): Rate => ({
      zone: `${annotations.ingressName} ${annotation}`,
      annotation,
      perSecond: Math.trunc((number * 1000) / seconds),
      burst: number * multiplier,
    }),
  );
  const allowed = numbers.map(
    ({ annotation, per, number }) =>
      `${annotation}: ${number} requests a ${per}, and ${number * multiplier} more at once`,
  );
  if (atOnce > 0) allowed.push(`limit-connections: ${atOnce} requests in progress at once`);
  const but = exempt === undefined ? "" : `, except of ${exempt.written.join(", ")} (limit-allowlist)`;
  const text = `the annotations of Ingress ${annotations.ingressName} limit each client: ${allowed.join("; ")}${but}`;
  return {
    kind: "limits",
    why: reason("limits", text, annotations.placeOf(numbers[0]?.annotation ?? "limit-connections")),
    rates,
    connections: atOnce > 0 ? { zone: annotations.ingressName, atOnce } : undefined,
    exempt,
    status: annotations.world.config.compileTime.limitStatus,
  };
}

function readExempt(annotations: Annotations): Addresses | undefined {
  const value = annotations.text("limit-allowlist");
  return value === undefined ? undefined : readAddresses(value);
}
