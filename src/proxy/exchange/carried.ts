import type { HeaderLine } from "../../model/decision.ts";
import type { Exchange } from "./exchange.ts";
import { latin1 } from "./header-lines.ts";

/** Headers of an answer that sends a request on that are kept for the last one (ngx_http_upstream_headers_in, `redirect`). */
const CARRIED: ReadonlySet<string> = new Set([
  "content-type",
  "set-cookie",
  "content-disposition",
  "cache-control",
  "expires",
  "accept-ranges",
]);

/** The headers kept of an answer that sends its request on, names and values in turn. */
export function carriedOf(raw: readonly (Buffer | string)[]): string[] {
  const lines: string[] = [];
  for (let i = 0; i + 1 < raw.length; i += 2)
    if (CARRIED.has(latin1(raw[i]).toLowerCase())) lines.push(latin1(raw[i]), latin1(raw[i + 1]));
  return lines;
}

/** What answers before have left for a backend's answer, before its own lines; its own type goes before theirs. */
export function carriedBeside({ inner }: Exchange, lines: readonly string[]): readonly string[] {
  if (inner === undefined) return [];
  const typed = lines.some((name, i) => i % 2 === 0 && isType(name));
  return typed ? without(inner.carried, isType) : inner.carried;
}

/** The same for a page of nginx's (ngx_http_send_special_response, ngx_http_clear_accept_ranges). */
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
