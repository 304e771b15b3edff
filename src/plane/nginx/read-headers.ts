import type { ClientOptions } from "../../model/client-options.ts";
import type { ReadHeaders } from "../../model/plane.ts";
import { headerOf } from "../../request/header-of.ts";
import { listed, noHeaders } from "../no-headers.ts";

export type NameRules = Pick<ClientOptions, "underscores" | "invalidHeaders">;

/** The fate of a client's header. default: passed on */
type Role =
  /** Ends here: about this connection (`ngx_http_proxy_headers`). */
  | "drop"
  /** nginx.tmpl sets its own at every location of an Ingress. */
  | "claimed"
  | "host"
  | "upgrade"
  | "expect"
  | "length"
  | "encoding"
  | "id"
  | "for"
  | "forwarded-host"
  | "forwarded"
  | "cookie"
  /** Passed on; nginx allows it once. */
  | "once";

const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["host", "host"],
  ["connection", "drop"],
  ["upgrade", "upgrade"],
  ["expect", "expect"],
  ["content-length", "length"],
  ["transfer-encoding", "encoding"],
  ["keep-alive", "drop"],
  ["te", "drop"],
  ["forwarded", "forwarded"],
  ["cookie", "cookie"],
  ["x-request-id", "id"],
  ["x-forwarded-for", "for"],
  ["x-forwarded-host", "forwarded-host"],
  ["authorization", "once"],
  ["if-match", "once"],
  ["if-none-match", "once"],
  ["if-modified-since", "once"],
  ["if-unmodified-since", "once"],
  ["if-range", "once"],
  ["content-range", "once"],
  ["x-real-ip", "claimed"],
  ["x-forwarded-port", "claimed"],
  ["x-forwarded-proto", "claimed"],
  ["x-forwarded-scheme", "claimed"],
  ["x-scheme", "claimed"],
  ["x-original-forwarded-for", "claimed"],
  ["x-original-forwarded-host", "claimed"],
  // Must not reach a CGI (https://httpoxy.org).
  ["proxy", "claimed"],
]);

/**
 * Sorts request headers in one pass. Leaves out HTTP/2's pseudo-headers, and joins its `cookie` crumbs (RFC
 * 9113 section 8.2.3).
 */
export function readNginxHeaders(raw: readonly string[], names: NameRules): ReadHeaders {
  const read = noHeaders();
  const crumbs = raw[0]?.startsWith(":") === true;
  let cookie = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const value = raw[i + 1] ?? "";
    const size = name.length + value.length + 4;
    read.bytes += size;
    if (size > read.longest) read.longest = size;
    const role = ROLES.get(name.toLowerCase());
    if (role === "cookie" && crumbs && cookie >= 0) read.kept[cookie] += `; ${value}`;
    else if (role === "cookie") cookie = read.kept.push(name, value) - 1;
    else if (role === "once") {
      if (hasName(read.kept, name)) read.repeated ||= name;
      read.kept.push(name, value);
    } else if (role !== undefined) take(read, role, name, value);
    else if (isPassedOn(name, names)) read.kept.push(name, value);
  }
  read.count = raw.length / 2;
  return read;
}

/**
 * True for a valid header name (ngx_http_parse_header_line). Unless the ConfigMap says otherwise, nginx drops
 * names with other characters than letters, digits and `-`: many backends confuse `X_Forwarded_For` with the
 * proxy's own.
 */
export function isPassedOn(name: string, { underscores, invalidHeaders }: NameRules): boolean {
  if (PLAIN_NAME.test(name)) return true;
  if (name.startsWith(":")) return false;
  return invalidHeaders === "passed" || (underscores === "passed" && PLAIN_BUT_UNDERSCORES.test(name));
}

const PLAIN_NAME = /^[-0-9A-Za-z]+$/;
const PLAIN_BUT_UNDERSCORES = /^[-_0-9A-Za-z]+$/;

/**
 * The header of an nginx variable, named with `-` for `_`: `$http_x_a` also means `X_A` if such names pass.
 */
export function headerFor(raw: readonly string[], name: string, rules: NameRules): string | undefined {
  if (rules.underscores === "dropped" && rules.invalidHeaders === "dropped") return headerOf(raw, name);
  return headerOf(
    raw.map((part, i) => (i % 2 === 0 ? part.replaceAll("_", "-") : part)),
    name,
  );
}

function take(read: ReadHeaders, role: Role, name: string, value: string): void {
  if (role === "host") {
    if (++read.hosts > 1) read.repeated ||= name;
    read.host = value;
  } else if (role === "upgrade") read.upgrade = listed(read.upgrade, value);
  else if (role === "expect") {
    if (read.expect !== "") read.repeated ||= name;
    read.expect = value;
  } else if (role === "length") {
    if (read.contentLength !== "") read.repeated ||= name;
    // nginx sends the number, not the digits.
    read.contentLength = /^0\d+$/.test(value) ? String(BigInt(value)) : value;
  } else if (role === "encoding") {
    read.transferEncoding = value;
  } else if (role === "forwarded") {
    read.forwarded = true;
    read.kept.push(name, value);
  } else if (role !== "drop") {
    read.claimed.push(name, value);
    if (role === "id") read.requestId ||= value;
    else if (role === "for") read.forwardedFor = listed(read.forwardedFor, value);
    else if (role === "forwarded-host") read.forwardedHost = listed(read.forwardedHost, value);
  }
}

function hasName(headers: readonly string[], name: string): boolean {
  const lower = name.toLowerCase();
  return headers.some((header, at) => at % 2 === 0 && header.toLowerCase() === lower);
}
