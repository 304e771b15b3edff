import type { CacheDuration } from "../../../model/guard.ts";
import type { Reply } from "./subrequest.ts";

/**
 * Answers of authentication services, cached for `auth-cache-duration` by `auth-cache-key` (nginx's
 * proxy_cache).
 */
export interface AuthCache {
  get(key: string): Reply | undefined;
  /** Stores an answer if it may be cached. */
  put(key: string, reply: Reply, durations: readonly CacheDuration[]): void;
}

/** The oldest are dropped first. */
export const MOST_REPLIES = 1024;

/** Statuses of a duration that names none. */
const USUAL = [200, 301, 302];

/** @param clock ms, only ever going forward; `now` is the time of day, in ms. */
export function createAuthCache(clock: () => number, now: () => number): AuthCache {
  const kept = new Map<string, { readonly reply: Reply; readonly until: number }>();
  return {
    get(key) {
      const found = kept.get(key);
      if (found !== undefined && found.until > clock()) return found.reply;
      kept.delete(key);
      return undefined;
    },
    put(key, reply, durations) {
      const ms = freshFor(reply, durations, now());
      if (ms <= 0) return;
      const [oldest] = kept.keys();
      if (kept.size >= MOST_REPLIES && oldest !== undefined) kept.delete(oldest);
      kept.set(key, { reply, until: clock() + ms });
    },
  };
}

/**
 * Validity of an answer; its own headers win over the durations. Answers with cookies or for one user are not
 * cached (ngx_http_upstream.c: ngx_http_upstream_process_set_cookie, _accel_expires, _cache_control,
 * _expires). Nor are answers with `Vary`, of which nginx caches one per value. unit: ms
 */
function freshFor({ status, headers }: Reply, durations: readonly CacheDuration[], now: number): number {
  const named = durations.find(
    ({ statuses }) => statuses === "any" || (statuses.length === 0 ? USUAL : statuses).includes(status),
  );
  const headerValue = (name: string) => {
    const values = headers.filter(([found]) => found.toLowerCase() === name).map(([, value]) => value);
    return values.length === 0 ? undefined : values.join(",");
  };
  if (headerValue("set-cookie") !== undefined || headerValue("vary") !== undefined) return 0;
  const accel = headerValue("x-accel-expires");
  const [, at, seconds] = /^(@?)(\d+)$/.exec(accel ?? "") ?? [];
  if (seconds !== undefined) return at === "@" ? Number(seconds) * 1000 - now : Number(seconds) * 1000;
  const control = headerValue("cache-control")?.toLowerCase() ?? "";
  if (/\b(?:no-cache|no-store|private)\b/.test(control)) return 0;
  const age = /\bs-maxage=(\d+)/.exec(control)?.[1] ?? /\bmax-age=(\d+)/.exec(control)?.[1];
  if (age !== undefined) return Number(age) * 1000;
  const expires = headerValue("expires");
  // An invalid date counts as past.
  if (expires !== undefined) return /^[a-z]{3,9},? /i.test(expires) ? Date.parse(expires) - now : 0;
  return named?.ms ?? 0;
}
