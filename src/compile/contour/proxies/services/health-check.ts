import {
  type Json,
  type JsonObject,
  jsonFields,
  jsonItems,
  jsonNumber,
  jsonString,
} from "../../../../model/json.ts";
import { reason } from "../../../../model/reason.ts";
import type { Transport } from "../../../../model/route/transport.ts";
import type { Backend } from "../../../../model/route.ts";
import type { GuardStep } from "../../../../step/guard.ts";

/** internal/envoy/healthcheck.go */
const USUAL = { host: "contour-envoy-healthcheck", intervalSeconds: 10, timeoutSeconds: 2 };

/** A port of its own for health checks is not asked. */
export function isChecked({ healthPort }: JsonObject): boolean {
  return healthPort === undefined;
}

/** `healthCheckPolicy` of a route, for one of its Services. */
export function healthSteps(
  policy: Json | undefined,
  service: JsonObject,
  backend: Backend,
  { protocol, tls }: Pick<Transport, "protocol" | "tls">,
): readonly GuardStep[] {
  // Only what speaks HTTP/1.1 is asked here.
  const isPlain = protocol === "HTTP" || protocol === "HTTPS";
  if (policy === undefined || !isPlain || !isChecked(service)) return [];
  const { path, host, intervalSeconds, timeoutSeconds, expectedStatuses } = jsonFields(policy);
  const statuses = jsonItems(expectedStatuses)
    .map(jsonFields)
    .map(({ start, end }) => [jsonNumber(start) ?? 0, jsonNumber(end) ?? 0] as const);
  const check = {
    path: jsonString(path) ?? "/",
    host: jsonString(host) || USUAL.host,
    statuses: statuses.length === 0 ? [[200, 201] as const] : statuses,
    intervalMs: (jsonNumber(intervalSeconds) || USUAL.intervalSeconds) * 1_000,
    timeoutMs: (jsonNumber(timeoutSeconds) || USUAL.timeoutSeconds) * 1_000,
  };
  const why = reason("health", `healthCheckPolicy asks the pods of ${backend.service} at ${check.path}`);
  return [
    {
      kind: "guard",
      guard: { kind: "health", text: "no healthy upstream", ...{ backend, protocol, tls, check, why } },
    },
  ];
}
