import type { HeaderLine } from "../../model/decision.ts";
import type { Exchange } from "./exchange.ts";
import { latin1 } from "./header-lines.ts";

/**
 * Headers of a redirecting answer that are kept for the final one (ngx_http_upstream_headers_in, `redirect`).
 */
const CARRIED: ReadonlySet<string> = new Set([
  "content-type",
  "set-cookie",
  "content-disposition",
  "cache-control",
  "expires",
  "accept-ranges",
]);

/** The kept headers, names and values alternating. */
export function carriedOf(raw: readonly (Buffer | string)[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (CARRIED.has(latin1(raw[i]).toLowerCase())) lines.push(latin1(raw[i]), latin1(raw[i + 1]));
  return lines;
}

/** Kept headers to add to a backend's answer; its own type precedes theirs. */
export function carriedBeside({ inner }: Exchange, lines: readonly string[]): readonly string[] {
  if (inner === undefined) return [];
  const typed = lines.some((name, i) => i % 2 === 0 && isType(name));
  return typed ? without(inner.carried, isType) : inner.carried;
}

/** Kept headers for nginx's own page (ngx_http_send_special_response, ngx_http_clear_accept_ranges). */
export function carriedByPage({ inner }: Exchange): readonly HeaderLine[] {
  if (inner === undefined) return [];
  const left = without(inner.carried, (name) => isType(name) || name.toLowerCase() === "accept-ranges");
  return left.flatMap((name, i) => (i % 2 === 0 ? [[name, left[i + 1] ?? ""] as const] : []));
}

function without(flat: readonly string[], isOne: (name: string) => boolean): readonly string[] {
  return flat.filter((_, i) => !isOne(flat[i - (i % 2)] ?? ""));
}

function isType(name: string): boolean {
  return name.toLowerCase() === "content-type";
}
