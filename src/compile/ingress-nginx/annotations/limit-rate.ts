import type { Feature } from "../annotations.ts";
import { withNote, withTransport } from "../settings.ts";
import { documented } from "./documented.ts";
import { isProxied } from "./upstream-module.ts";

/** The template appends `k` (template.go, buildRateLimit). */
const KILOBYTE = 1024;

/**
 * `limit-rate` in KiB/s and `limit-rate-after` in KiB (annotations/ratelimit/main.go). nginx limits only
 * buffered responses (ngx_http_upstream.c, ngx_http_upstream_send_response); a backend may request buffering
 * with `X-Accel-Buffering`.
 */
export const limitRate: Feature = {
  annotations: documented("Rate limits", { Low: "limit-rate limit-rate-after" }),
  apply: (annotations, settings) => {
    const rate = annotations.integer("limit-rate") ?? 0;
    const after = annotations.integer("limit-rate-after") ?? 0;
    if (rate <= 0) return settings;
    const limit = { bytesPerSecond: rate * KILOBYTE, afterBytes: Math.max(0, after) * KILOBYTE };
    const limited = withTransport(settings, { limitRate: limit });
    const { protocol } = settings.transport;
    if (isProxied(protocol) && annotations.text("proxy-buffering") !== "on") {
      const what = 'nginx limits no rate while it does not buffer responses (proxy-buffering is not "on")';
      annotations.report.surprising("limit-rate", what, 'Add proxy-buffering: "on", or leave it out.');
      return limited;
    }
    if (!isProxied(protocol) && protocol !== "FCGI") {
      const what = "nginx limits no rate while it does not buffer responses, and those of gRPC it never does";
      annotations.report.surprising("limit-rate", what, "Leave it out.");
      return settings;
    }
    const behind = after > 0 ? ` behind the first ${after} KiB` : "";
    const note = `${annotations.nameOf("limit-rate")} sends responses at ${rate} KiB a second${behind}`;
    return withNote(limited, annotations.because("limit-rate", note));
  },
};
