import { PASSED, refused, type Verdict } from "../../../match/outcome/verdict.ts";
import type { HealthCheck, HealthGuard } from "../../../model/guard.ts";
import { reason } from "../../../model/reason.ts";
import type { Upstream } from "../../../model/upstream.ts";
import { withTls } from "../../connect/upstream-tls.ts";
import type { Deciding } from "../deciding.ts";
import { ask } from "./subrequest.ts";

/** Pods of one Service that are checked. */
const MOST_PODS = 64;

/**
 * Asks all pods of a Service for their health, when a request comes and at most once an interval; Envoy asks all the time
 * (source/extensions/health_checkers/http). A failed check counts at once, as for a pod that was never healthy.
 */
export async function askHealth(context: Deciding, guard: HealthGuard): Promise<Verdict> {
  const { backend, check, text, why } = guard;
  const { healthy, sick } = await context.health.of(backend, check.intervalMs, async () => {
    const pods = podsOf(context, guard);
    const answers = await Promise.all(pods.map((pod) => isHealthy(context, pod, check)));
    const names = pods.filter((_, at) => answers[at] === false).map(({ name }) => name);
    return { sick: new Set(names), healthy: pods.length - names.length };
  });
  // Without pods the request ends where they are looked for.
  if (healthy > 0 || sick.size === 0) return PASSED;
  const said = `no pod of Service ${backend.namespace}/${backend.service} answers ${check.path} with a status of healthCheckPolicy`;
  return { ...refused(503, reason("no-endpoints", said), why), text };
}

function podsOf(context: Deciding, { backend, protocol, tls }: HealthGuard): readonly Upstream[] {
  const found = new Map<string, Upstream>();
  while (found.size < MOST_PODS) {
    const next = context.resolve(backend, protocol, { tried: [...found.keys()] });
    if (next.kind === "none" || found.has(next.upstream.name)) break;
    found.set(next.upstream.name, withTls(next.upstream, tls));
  }
  return [...found.values()];
}

async function isHealthy(
  { pools }: Deciding,
  pod: Upstream,
  { path, host, statuses, timeoutMs }: HealthCheck,
): Promise<boolean> {
  const lines = ["host", host, "user-agent", "Envoy/HC"];
  try {
    const { status } = await ask(pools, pod, { method: "GET", path, lines }, AbortSignal.timeout(timeoutMs));
    return statuses.some(([from, before]) => status >= from && status < before);
  } catch {
    return false;
  }
}
