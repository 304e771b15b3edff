import type { Annotations, Feature } from "../annotations.ts";
import { withTransport } from "../settings.ts";
import { documented } from "./documented.ts";

/**
 * `proxy-connect-timeout`, `proxy-send-timeout`, `proxy-read-timeout` in seconds, without unit
 * (annotations/proxy/main.go).
 */
export const timeouts: Feature = {
  annotations: documented("Proxy", { Low: "proxy-connect-timeout proxy-read-timeout proxy-send-timeout" }),
  apply: (annotations, settings) => {
    const connectTimeoutMs = readMs(annotations, "proxy-connect-timeout");
    const sendTimeoutMs = readMs(annotations, "proxy-send-timeout");
    const readTimeoutMs = readMs(annotations, "proxy-read-timeout");
    if ((connectTimeoutMs ?? sendTimeoutMs ?? readTimeoutMs) === undefined) return settings;
    const before = settings.transport;
    return withTransport(settings, {
      connectTimeoutMs: connectTimeoutMs ?? before.connectTimeoutMs,
      sendTimeoutMs: sendTimeoutMs ?? before.sendTimeoutMs,
      readTimeoutMs: readTimeoutMs ?? before.readTimeoutMs,
    });
  },
};

/** Node's timers have 31 bits (24 days); longer ones fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** nginx counts ms in 63 bits (ngx_conf_set_msec_slot). */
const MOST_SECONDS = 2 ** 63 / 1000;

function readMs(annotations: Annotations, name: string): number | undefined {
  const seconds = annotations.notNegative(name);
  if (seconds === undefined) return undefined;
  if (seconds >= MOST_SECONDS) {
    const words = `"${name.replaceAll("-", "_")}" directive invalid value`;
    annotations.report.stop(
      name,
      words,
      `${seconds} s are more than nginx can count`,
      "Write a smaller number.",
    );
  }
  return Math.min(seconds * 1000, LONGEST_MS);
}
