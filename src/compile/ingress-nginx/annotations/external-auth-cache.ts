import type { CacheDuration, ExternalAuthSettings } from "../../../model/guard.ts";
import { parseVariables } from "../../../request/variables.ts";
import type { Annotations } from "../annotations.ts";

/** authreq/main.go, DefaultCacheDuration. */
const DEFAULT_DURATION = "200 202 401 5m";

const TIME = /^(\d{1,9})(ms|s|m|h|d|w|M|y)$/;

/** nginx's units in ms. source: https://nginx.org/en/docs/syntax.html */
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

const NAME = "auth-cache-duration";

/** `auth-cache-key` and `auth-cache-duration`: statuses and a time, comma-separated. */
export function readCache(annotations: Annotations): ExternalAuthSettings["cache"] {
  const key = annotations.variables("auth-cache-key");
  const texts = listOf(annotations.text(NAME));
  const bad = texts.find((text) => !isTaken(text));
  if (bad !== undefined) {
    const fix = "Write statuses and a time: 200 202 10m";
    annotations.report.bad(NAME, `invalid cache duration: ${bad}`, fix, "deny-location");
    return undefined;
  }
  if (key === undefined) return undefined;
  const durations = texts.map(readDuration);
  for (const refused of durations) {
    if (typeof refused !== "string") continue;
    const what = `nginx takes no such duration: ${refused}`;
    annotations.report.stop(NAME, refused, what, "Write statuses and one time: 200 202 10m");
  }
  return { key, durations: durations.filter((duration) => typeof duration !== "string") };
}

/** The same for the ConfigMap's validated options. */
export function cacheOf(key: string | undefined, durations = ""): ExternalAuthSettings["cache"] {
  const parsed = key === undefined ? undefined : parseVariables(key);
  if (parsed?.kind !== "parsed") return undefined;
  const read = listOf(durations).map(readDuration);
  return { key: parsed.text, durations: read.filter((duration) => typeof duration !== "string") };
}

function listOf(text = ""): readonly string[] {
  const texts = text.split(",").flatMap((part) => part.trim() || []);
  return texts.length === 0 ? [DEFAULT_DURATION] : texts;
}

/** authreq/main.go, ValidCacheDuration: a time with no status after it; the rest is free. */
function isTaken(text: string): boolean {
  const kinds = text
    .split(" ")
    .map((word) => (/^\d{3}$/.test(word) ? "status" : TIME.test(word) ? "time" : ""));
  return kinds.includes("time") && kinds.indexOf("time") > kinds.lastIndexOf("status");
}

/** `proxy_cache_valid`: the last word is the time in whole seconds; else nginx's words of refusal. */
function readDuration(text: string): CacheDuration | string {
  const words = text.split(/ +/);
  const time = words.pop() ?? "";
  const [, count, unit = ""] = TIME.exec(time) ?? [];
  if (count === undefined || unit === "ms") return `invalid time value "${time}"`;
  const wrong = words.find((word) => word !== "any" && !/^[1-5]\d\d$/.test(word));
  if (wrong !== undefined) return `invalid status "${wrong}"`;
  const statuses = words.includes("any") ? "any" : words.map(Number);
  return { statuses, ms: Number(count) * (UNITS.get(unit) ?? 0) };
}
