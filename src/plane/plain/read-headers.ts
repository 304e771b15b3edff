import { append } from "../../append.ts";
import type { ReadHeaders } from "../../model/plane.ts";
import { listed, noHeaders } from "../no-headers.ts";

/** Never passed on (RFC 9110 section 7.6.1). */
const OF_CONNECTION: ReadonlySet<string> = new Set(["keep-alive", "proxy-connection", "te"]);
/** Set anew: nobody can check what a client says about earlier hops. */
const CLAIMED: ReadonlySet<string> = new Set([
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);
/** A header name (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Most `Connection` headers name nothing else. */
const USUAL_CONNECTION = /^(?:keep-alive|close|upgrade)$/i;

/**
 * Sorts request headers in one pass. All pass except connection headers, those named by `Connection`, those
 * about the client's origin, and invalid names.
 *
 * Leaves out HTTP/2's pseudo-headers, and joins its `cookie` crumbs (RFC 9113 section 8.2.3).
 */
export function readPlainHeaders(raw: readonly string[]): ReadHeaders {
  const read = noHeaders();
  const crumbs = raw[0]?.startsWith(":") === true;
  const named: string[] = [];
  let cookie = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const value = raw[i + 1] ?? "";
    const size = name.length + value.length + 4;
    read.bytes += size;
    if (size > read.longest) read.longest = size;
    const lower = name.toLowerCase();
    if (takes(read, lower, name, value)) continue;
    if (lower === "connection") append(named, tokensOf(value));
    else if (lower === "cookie" && crumbs && cookie >= 0) read.kept[cookie] += `; ${value}`;
    else if (TOKEN.test(name)) {
      const at = read.kept.push(name, value) - 1;
      if (lower === "cookie") cookie = at;
    }
  }
  read.count = raw.length / 2;
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
      return true;
    case "content-length":
      read.contentLength = value;
      return true;
    case "transfer-encoding":
      read.transferEncoding = value;
      return true;
    case "x-request-id":
      read.requestId ||= value;
      return false;
    default:
      if (CLAIMED.has(lower)) read.claimed.push(name, value);
      else return OF_CONNECTION.has(lower);
      return true;
  }
}

function tokensOf(value: string): readonly string[] {
  if (USUAL_CONNECTION.test(value)) return [];
  return value.split(",").map((token) => token.trim().toLowerCase());
}

function without(lines: readonly string[], names: ReadonlySet<string>): string[] {
  return lines.filter((_, i) => !names.has((lines[i - (i % 2)] ?? "").toLowerCase()));
}
