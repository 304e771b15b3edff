import { durationOf } from "../durations.ts";
import type { IngressParts } from "../parts.ts";

/** Timeouts, sizes, rates, retries. */
export function trafficParts(parts: IngressParts): void {
  timeouts(parts);
  bodySize(parts);
  rates(parts);
}

/** The longer of reading and sending: the rule's timeout is for all of a request. */
function timeouts(parts: IngressParts): void {
  const { annotations } = parts.nginx;
  const [read, send] = ["proxy-read-timeout", "proxy-send-timeout"].map(
    (name) => annotations.integer(name) ?? 0,
  );
  const seconds = Math.max(read ?? 0, send ?? 0);
  parts.done("proxy-read-timeout", "proxy-send-timeout", "proxy-connect-timeout");
  const connect = annotations.integer("proxy-connect-timeout");
  if (connect !== undefined && connect > 0) {
    parts.traffic.timeout = { tcp: { connectTimeout: parts.of("proxy-connect-timeout", `${connect}s`) } };
  }
  if (seconds <= 0) return;
  const name = (read ?? 0) >= (send ?? 0) ? "proxy-read-timeout" : "proxy-send-timeout";
  parts.ruleFields.timeouts = { request: parts.of(name, durationOf(seconds)) };
  parts.say(
    name,
    "it is the time for the whole answer, not between two parts of it",
    {},
    "Make it longer where answers stream.",
  );
}

const MEBIBYTE = 1024 * 1024;

function bodySize(parts: IngressParts): void {
  const name = "proxy-body-size";
  parts.done(name);
  const { bodyLimit } = parts.nginx.settings.transport;
  if (!parts.has(name) || bodyLimit === 0) return;
  const limit = bodyLimit % MEBIBYTE === 0 ? `${bodyLimit / MEBIBYTE}Mi` : String(bodyLimit);
  parts.traffic.requestBuffer = { limit: parts.of(name, limit) };
  parts.say(
    name,
    "Envoy reads the whole body before it asks the backend, to refuse larger ones; that is not compared here",
    (difference) => (difference.first.why[0]?.code === "body-limit" ? { aspects: "answer" } : undefined),
    "Leave requestBuffer out where bodies stream, as with WebSocket and gRPC.",
  );
}

const EVERY_CLIENT = ["0.0.0.0/0", "::/0"];

/** A bucket for each client's address. */
function rates(parts: IngressParts): void {
  const limits = parts.nginx.settings.location.guards?.limits;
  parts.done("limit-rps", "limit-rpm", "limit-burst-multiplier", "limit-allowlist", "limit-whitelist");
  if (limits === undefined) return;
  const rules = limits.rates.flatMap(({ annotation }) => {
    const requests = parts.nginx.annotations.integer(annotation);
    if (requests === undefined) return [];
    const limit = parts.of(annotation, { requests, unit: annotation === "limit-rps" ? "Second" : "Minute" });
    return EVERY_CLIENT.map((value) => ({
      clientSelectors: [{ sourceCIDR: { type: "Distinct", value } }],
      limit,
    }));
  });
  if (rules.length > 0) parts.traffic.rateLimit = { type: "Local", local: { rules } };
  for (const name of ["limit-rps", "limit-rpm"])
    parts.say(
      name,
      "each Envoy counts for itself, without a burst, and answers 429 in place of 503; counts are not compared here",
      { aspects: ["guards"] },
      "Raise the numbers where clients come in bursts.",
    );
  for (const name of ["limit-burst-multiplier", "limit-allowlist", "limit-whitelist"])
    parts.say(name, "Envoy counts without it", { aspects: ["guards"] });
  if (limits.connections !== undefined) parts.lose("limit-connections");
}
