import type { ClientOptions } from "../../model/client-options.ts";
import type { ReadHeaders } from "../../model/plane.ts";
import { headerOf } from "../../request/header-of.ts";
import { listed, noHeaders } from "../no-headers.ts";

/** Which names pass at all. */
export type NameRules = Pick<ClientOptions, "underscores" | "invalidHeaders">;

/** What becomes of a header of the client's. Every other header goes on as it is. */
type Role =
  /** Ends here: it is about this connection (`ngx_http_proxy_headers`). */
  | "drop"
  /** nginx.tmpl sets one of its own under this name at each location of an Ingress. */
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
  /** Goes on as it is; nginx takes it once. */
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
  // It must not reach a CGI (https://httpoxy.org).
  ["proxy", "claimed"],
]);

/**
 * Sorts the headers of a request by what becomes of them, in one pass.
 *
 * Pseudo-headers of HTTP/2 are left out, its `cookie` crumbs are put together (RFC 9113 section 8.2.3).
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
 * True of a name that nginx takes for one of a header (ngx_http_parse_header_line). Names with anything but letters,
 * digits and `-` it leaves out, unless the ConfigMap says otherwise: many backends cannot tell `X_Forwarded_For` from
 * the proxy's own.
 */
export function isPassedOn(name: string, { underscores, invalidHeaders }: NameRules): boolean {
  if (PLAIN_NAME.test(name)) return true;
  if (name.startsWith(":")) return false;
  return invalidHeaders === "passed" || (underscores === "passed" && PLAIN_BUT_UNDERSCORES.test(name));
}

const PLAIN_NAME = /^[-0-9A-Za-z]+$/;
const PLAIN_BUT_UNDERSCORES = /^[-_0-9A-Za-z]+$/;

/**
 * The header that a variable of nginx's means, by its name with `-` for each `_`: `$http_x_a` is `X_A` as well, where
 * such a name passes.
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
    // nginx sends the number on, not the digits.
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
