import { parseVariables } from "../../match/variables.ts";
import type { CacheDuration, ExternalAuthSettings } from "../../model/settings/external-auth.ts";
import type { Annotations } from "./annotations.ts";

/** authreq/main.go, DefaultCacheDuration. */
const DEFAULT_DURATION = "200 202 401 5m";

/** ms of nginx's units (https://nginx.org/en/docs/syntax.html). */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
  ["w", 7 * 86_400_000],
  ["M", 30 * 86_400_000],
  ["y", 365 * 86_400_000],
]);

/** `auth-cache-key` and `auth-cache-duration`: statuses, then a time; several separated by commas. */
export function readCache(annotations: Annotations): ExternalAuthSettings["cache"] {
  const key = annotations.variables("auth-cache-key");
  const written = annotations.text("auth-cache-duration");
  const texts = (written ?? "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");
  const durations = (texts.length === 0 ? [DEFAULT_DURATION] : texts).map(readDuration);
  const bad = durations.indexOf(undefined);
  if (bad >= 0) {
    const fix = "Write statuses and a time: 200 202 10m";
    annotations.bad("auth-cache-duration", `invalid cache duration: ${texts[bad]}`, fix, "deny-location");
    return undefined;
  }
  return key && { key, durations: durations.filter((one) => one !== undefined) };
}

/** The same of the ConfigMap's options, which have been checked. */
export function cacheOf(key: string | undefined, durations = ""): ExternalAuthSettings["cache"] {
  const parsed = key === undefined ? undefined : parseVariables(key);
  if (parsed?.kind !== "parsed") return undefined;
  const texts = durations.split(",").filter((text) => text.trim() !== "");
  const read = (texts.length === 0 ? [DEFAULT_DURATION] : texts).map((text) => readDuration(text.trim()));
  return { key: parsed.text, durations: read.filter((one) => one !== undefined) };
}

function readDuration(text: string): CacheDuration | undefined {
  const words = text.split(/ +/);
  const statuses = words.filter((word) => /^\d{3}$/.test(word)).map(Number);
  const [time, ...more] = words.slice(statuses.length);
  const [, count, unit] = /^(\d{1,9})(ms|s|m|h|d|w|M|y)$/.exec(time ?? "") ?? [];
  if (count === undefined || unit === undefined || more.length > 0) return undefined;
  return { statuses, ms: Number(count) * (UNITS.get(unit) ?? 0) };
}
