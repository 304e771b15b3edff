import { append } from "../../append.ts";
import type { ReadHeaders } from "../../model/plane.ts";
import { headerOf } from "../../request/header-of.ts";
import { listed, noHeaders } from "../no-headers.ts";

/** About the client's connection (httputil.ReverseProxy, hopHeaders). */
const OF_CONNECTION: ReadonlySet<string> = new Set([
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "proxy-authenticate",
  "te",
  "trailer",
]);
/** Taken from clients that are not trusted, whatever stands for `-` (pkg/middlewares/forwardedheaders). */
const CLAIMS: ReadonlySet<string> = new Set([
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-forwarded-proto",
  "x-forwarded-server",
  "x-forwarded-uri",
  "x-forwarded-method",
  "x-forwarded-prefix",
  "x-forwarded-scheme",
  "x-forwarded-tls-client-cert",
  "x-forwarded-tls-client-cert-info",
  "x-real-ip",
  "x-scheme",
]);
/** Most `Connection` headers name nothing else. */
const USUAL_CONNECTION = /^(?:keep-alive|close|upgrade)$/i;
const UPGRADES = /(?:^|[,\s])upgrade(?:$|[,\s])/i;
/** A header name that Go reads (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** True for a header about earlier hops. */
function isClaim(lower: string): boolean {
  return CLAIMS.has(lower) || (lower.includes("_") && CLAIMS.has(lower.replaceAll("_", "-")));
}

/** Sorts request headers in one pass; HTTP/2's `cookie` crumbs are joined (RFC 9113 section 8.2.3). */
export function readTraefikHeaders(raw: readonly string[], underscores: "passed" | "dropped"): ReadHeaders {
  const read = noHeaders();
  const crumbs = raw[0]?.startsWith(":") === true;
  const named: string[] = [];
  let cookie = -1;
  // Without it `Upgrade` asks for nothing (httputil.ReverseProxy, upgradeType).
  let isUpgrade = false;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const value = raw[i + 1] ?? "";
    const size = name.length + value.length + 4;
    read.bytes += size;
    if (size > read.longest) read.longest = size;
    const lower = name.toLowerCase();
    if (takes(read, lower, name, value)) continue;
    if (lower === "connection") {
      append(named, tokensOf(value));
      isUpgrade ||= UPGRADES.test(value);
    } else if (lower === "cookie" && crumbs && cookie >= 0) read.kept[cookie] += `; ${value}`;
    else if (TOKEN.test(name) && (underscores === "passed" || !name.includes("_"))) {
      const at = read.kept.push(canonical(name), value) - 1;
      if (lower === "cookie") cookie = at;
    }
  }
  read.count = raw.length / 2;
  if (!isUpgrade) read.upgrade = "";
  if (named.length > 0) read.kept = without(read.kept, new Set(named));
  return read;
}

/** False for a header that passes unchanged. */
function takes(read: ReadHeaders, lower: string, name: string, value: string): boolean {
  switch (lower) {
    case "host":
      if (++read.hosts > 1) read.repeated ||= name;
      read.host = value;
      return true;
    case "upgrade":
      read.upgrade = listed(read.upgrade, value);
      return true;
    case "expect":
      read.expect = value;
      return false;
    case "content-length":
      read.contentLength = value;
      return true;
    case "transfer-encoding":
      read.transferEncoding = value;
      return true;
    case "te":
      // ReverseProxy keeps this one alone.
      if (tokensOf(value).includes("trailers")) read.kept.push("Te", "trailers");
      return true;
    default:
      if (!isClaim(lower)) return OF_CONNECTION.has(lower);
      read.claimed.push(canonical(name), value);
      if (lower === "x-forwarded-for") read.forwardedFor = listed(read.forwardedFor, value);
      return true;
  }
}

/** A header's value for conditions and steps. `claims`: headers about earlier hops, seen only from trusted clients. */
export function traefikHeader(
  raw: readonly string[],
  name: string,
  claims: "seen" | "hidden",
): string | undefined {
  return claims === "hidden" && isClaim(name) ? undefined : headerOf(raw, name);
}

/** `x-my-id` → `X-My-Id` (textproto.CanonicalMIMEHeaderKey). */
function canonical(name: string): string {
  return name.toLowerCase().replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

function tokensOf(value: string): readonly string[] {
  if (USUAL_CONNECTION.test(value)) return [];
  return value.split(",").map((token) => token.trim().toLowerCase());
}

function without(lines: readonly string[], names: ReadonlySet<string>): string[] {
  return lines.filter((_, i) => !names.has((lines[i - (i % 2)] ?? "").toLowerCase()));
}
