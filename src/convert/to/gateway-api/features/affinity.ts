import { AFFINITY } from "../../nginx/groups.ts";
import { sessionDifference } from "../../nginx/sessions.ts";
import { durationOf } from "../durations.ts";
import type { IngressParts } from "../parts.ts";

/** `sessionPersistence` of the rules. */
export function affinityParts(parts: IngressParts): void {
  const { cookie } = parts.nginx.settings.balancing.affinity ?? {};
  parts.done(...AFFINITY);
  if (cookie === undefined) return;
  const seconds = cookie.maxAge ?? cookie.expires;
  const isLasting = seconds !== undefined && seconds > 0;
  parts.ruleFields.sessionPersistence = parts.of("affinity", {
    type: "Cookie",
    sessionName: parts.of("session-cookie-name", cookie.cookie),
    absoluteTimeout: isLasting ? durationOf(Math.round(seconds)) : undefined,
    cookieConfig: isLasting ? { lifetimeType: "Permanent" } : undefined,
  });
  parts.say(
    "affinity",
    "sessions of clients begin anew: Envoy's cookie names the pod in another way",
    sessionDifference(parts),
  );
  for (const name of AFFINITY.slice(1))
    if (!["session-cookie-name", "session-cookie-max-age", "session-cookie-expires"].includes(name))
      parts.say(name, "Envoy's cookie does without it");
}
