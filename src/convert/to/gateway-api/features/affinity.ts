import { durationOf } from "../durations.ts";
import type { IngressParts } from "../parts.ts";

const NAMES = [
  "affinity",
  "affinity-mode",
  "affinity-canary-behavior",
  "session-cookie-name",
  "session-cookie-path",
  "session-cookie-domain",
  "session-cookie-expires",
  "session-cookie-max-age",
  "session-cookie-samesite",
  "session-cookie-conditional-samesite-none",
  "session-cookie-secure",
  "session-cookie-change-on-failure",
] as const;

/** `sessionPersistence` of the rules. */
export function affinityParts(parts: IngressParts): void {
  const { cookie } = parts.nginx.settings.balancing.affinity ?? {};
  parts.done(...NAMES);
  if (cookie === undefined) return;
  const seconds = cookie.maxAge ?? cookie.expires;
  const isLasting = seconds !== undefined && seconds > 0;
  parts.ruleFields.sessionPersistence = parts.of("affinity", {
    type: "Cookie",
    sessionName: parts.of("session-cookie-name", cookie.cookie),
    absoluteTimeout: isLasting ? durationOf(Math.round(seconds)) : undefined,
    cookieConfig: isLasting ? { lifetimeType: "Permanent" } : undefined,
  });
  parts.say("affinity", "sessions of clients begin anew: Envoy's cookie names the pod in another way", {
    aspects: ["response headers", "settings"],
  });
  for (const name of NAMES.slice(1))
    if (!["session-cookie-name", "session-cookie-max-age", "session-cookie-expires"].includes(name))
      parts.say(name, "Envoy's cookie does without it");
}
