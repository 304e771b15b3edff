import { append } from "../../append.ts";
import type { ReadHeaders } from "../../model/plane.ts";
import { listed, noHeaders } from "../no-headers.ts";

/** About this connection, or claims that only Envoy makes. */
const DROPPED: ReadonlySet<string> = new Set([
  "keep-alive",
  "proxy-connection",
  "x-forwarded-client-cert",
  "x-envoy-external-address",
  "x-envoy-expected-rq-timeout-ms",
  "x-envoy-original-path",
  "x-envoy-original-host",
  "x-envoy-original-url",
  "x-envoy-attempt-count",
  "x-envoy-decorator-operation",
  "x-envoy-downstream-service-cluster",
  "x-envoy-downstream-service-node",
  "x-envoy-force-trace",
  "x-envoy-hedge-on-per-try-timeout",
  "x-envoy-internal",
  "x-envoy-ip-tags",
  "x-envoy-max-retries",
  "x-envoy-retriable-header-names",
  "x-envoy-retriable-status-codes",
  "x-envoy-retry-grpc-on",
  "x-envoy-retry-on",
  "x-envoy-upstream-alt-stat-name",
  "x-envoy-upstream-rq-per-try-timeout-ms",
  "x-envoy-upstream-rq-timeout-alt-response",
  "x-envoy-upstream-rq-timeout-ms",
  "x-envoy-upstream-stream-duration-ms",
]);

/** Most `Connection` headers name nothing else. */
const USUAL_CONNECTION = /^(?:keep-alive|close|upgrade)$/i;

const UPGRADE = /(?:^|,)\s*upgrade\s*(?:,|$)/i;

/** Sorts request headers in one pass. Joins HTTP/2's `cookie` crumbs (RFC 9113 section 8.2.3). */
export function readEnvoyHeaders(raw: readonly string[]): ReadHeaders {
  const read = noHeaders();
  const named: string[] = [];
  let asksUpgrade = false;
  const crumbs = raw[0]?.startsWith(":") === true;
  let cookie = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const value = raw[i + 1] ?? "";
    const size = name.length + value.length + 4;
    read.bytes += size;
    if (size > read.longest) read.longest = size;
    const lower = name.toLowerCase();
    if (lower === "connection") {
      asksUpgrade ||= UPGRADE.test(value);
      if (!USUAL_CONNECTION.test(value))
        append(
          named,
          value.split(",").map((token) => token.trim().toLowerCase()),
        );
    } else if (taken(read, lower, value) || lower.startsWith(":")) continue;
    else if (lower === "cookie" && crumbs && cookie >= 0) read.kept[cookie] += `; ${value}`;
    else {
      const at = read.kept.push(lower, value) - 1;
      if (lower === "cookie") cookie = at;
    }
  }
  // One that Connection does not ask for, and that to HTTP/2, are no upgrades (source/common/http/http1/codec_impl.cc).
  if (!asksUpgrade || read.upgrade.toLowerCase() === "h2c") read.upgrade = "";
  read.count = raw.length / 2;
  if (named.length > 0) read.kept = without(read.kept, new Set(named));
  return read;
}

/** The same without headers whose names have an underscore. */
export function readWithoutUnderscores(raw: readonly string[]): ReadHeaders {
  return readEnvoyHeaders(raw.filter((_, i) => !raw[i - (i % 2)]?.includes("_")));
}

/** True for a header that does not pass unchanged. */
function taken(read: ReadHeaders, lower: string, value: string): boolean {
  switch (lower) {
    case "host":
      read.hosts++;
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
      read.claimed.push(lower, value);
      return true;
    case "x-forwarded-for":
      read.forwardedFor = read.forwardedFor === "" ? value : `${read.forwardedFor},${value}`;
      read.claimed.push(lower, value);
      return true;
    case "x-forwarded-proto":
      read.claimed.push(lower, value);
      return true;
    default:
      return DROPPED.has(lower);
  }
}

function without(lines: readonly string[], names: ReadonlySet<string>): string[] {
  return lines.filter((_, i) => !names.has(lines[i - (i % 2)] ?? ""));
}
