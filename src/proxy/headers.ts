import type { HeaderLine, RequestFacts } from "../model/decision.ts";

/** What becomes of a header of the client's. Every other header goes on as it is. */
type Role =
  /** Ends here: it is about this connection, or the proxy sets its own. */
  | "drop"
  | "host"
  | "connection"
  | "upgrade"
  | "expect"
  | "length"
  | "encoding"
  | "id"
  | "for"
  | "forwarded-host"
  | "forwarded"
  | "cookie";

/**
 * RFC 9110 section 7.6.1 (connection headers), `proxy_set_header` in ingress-nginx's nginx.tmpl, and `Proxy`, which must
 * not reach a CGI (https://httpoxy.org).
 */
const ROLES: ReadonlyMap<string, Role> = new Map<string, Role>([
  ["host", "host"],
  ["connection", "connection"],
  ["upgrade", "upgrade"],
  ["expect", "expect"],
  ["content-length", "length"],
  ["transfer-encoding", "encoding"],
  ["x-request-id", "id"],
  ["x-forwarded-for", "for"],
  ["x-forwarded-host", "forwarded-host"],
  ["forwarded", "forwarded"],
  ["cookie", "cookie"],
  ["keep-alive", "drop"],
  ["te", "drop"],
  ["trailer", "drop"],
  ["proxy", "drop"],
  ["proxy-connection", "drop"],
  ["proxy-authorization", "drop"],
  ["http2-settings", "drop"],
  ["x-real-ip", "drop"],
  ["x-forwarded-port", "drop"],
  ["x-forwarded-proto", "drop"],
  ["x-forwarded-scheme", "drop"],
  ["x-scheme", "drop"],
  ["x-original-forwarded-for", "drop"],
  ["x-original-forwarded-host", "drop"],
]);

/** The headers of a request, read once. Strings hold one char a byte. */
export interface ReadHeaders {
  /** Names and values in turn: what goes on to the backend as it is. */
  kept: string[];
  /** How often a Host header was there, and the last. */
  hosts: number;
  host: string;
  /** `""` where there is none, for these as well. */
  connection: string;
  upgrade: string;
  expect: string;
  contentLength: string;
  transferEncoding: string;
  transferEncodings: number;
  requestId: string;
  forwardedFor: string;
  forwardedHost: string;
  /** Whether the client sent `Forwarded` (RFC 7239). */
  forwarded: boolean;
  /** Headers in number, bytes of the longest line, and bytes in all. */
  count: number;
  longest: number;
  bytes: number;
}

/**
 * The value of one header by its name in lower case, `undefined` where it is absent. Several are joined by commas (RFC
 * 9110 section 5.3), cookies by semicolons (RFC 6265 section 5.4).
 */
export function headerOf(raw: readonly string[], name: string): string | undefined {
  let found: string | undefined;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    if (raw[i]?.length !== name.length || raw[i]?.toLowerCase() !== name) continue;
    const value = raw[i + 1] ?? "";
    found = found === undefined ? value : `${found}${name === "cookie" ? "; " : ", "}${value}`;
  }
  return found;
}

/**
 * Sorts the headers of a request by what becomes of them, in one pass.
 *
 * Headers with a `_` are left out, as nginx does (`underscores_in_headers off`): many backends cannot tell them from
 * those with a `-`, so `X_Forwarded_For` would pass for the proxy's own. Pseudo-headers of HTTP/2 are left out, its
 * `cookie` crumbs are put together (RFC 9113 section 8.2.3).
 */
export function readHeaders(raw: readonly string[]): ReadHeaders {
  const read = noHeaders();
  let cookie = -1;
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? "";
    const value = raw[i + 1] ?? "";
    const size = name.length + value.length + 4;
    read.bytes += size;
    if (size > read.longest) read.longest = size;
    const lower = name.toLowerCase();
    const role = ROLES.get(lower);
    if (role === "cookie" && cookie >= 0) read.kept[cookie] += `; ${value}`;
    else if (role === "cookie") cookie = read.kept.push(name, value) - 1;
    else if (role !== undefined) take(read, role, name, value);
    else if (!lower.includes("_") && !lower.startsWith(":")) read.kept.push(name, value);
  }
  read.count = raw.length / 2;
  if (read.connection !== "") dropNominated(read);
  return read;
}

function noHeaders(): ReadHeaders {
  return {
    kept: [],
    hosts: 0,
    host: "",
    connection: "",
    upgrade: "",
    expect: "",
    contentLength: "",
    transferEncoding: "",
    transferEncodings: 0,
    requestId: "",
    forwardedFor: "",
    forwardedHost: "",
    forwarded: false,
    count: 0,
    longest: 0,
    bytes: 0,
  };
}

function take(read: ReadHeaders, role: Role, name: string, value: string): void {
  if (role === "host") {
    read.hosts++;
    read.host = value;
  } else if (role === "connection") read.connection = listed(read.connection, value);
  else if (role === "upgrade") read.upgrade = listed(read.upgrade, value);
  else if (role === "expect") read.expect = value;
  else if (role === "length") {
    read.contentLength = value;
    read.kept.push(name, value);
  } else if (role === "encoding") {
    read.transferEncodings++;
    read.transferEncoding = value;
  } else if (role === "id") read.requestId = value;
  else if (role === "for") read.forwardedFor = listed(read.forwardedFor, value);
  else if (role === "forwarded-host") read.forwardedHost = listed(read.forwardedHost, value);
  else if (role === "forwarded") read.forwarded = true;
}

function listed(before: string, value: string): string {
  return before === "" ? value : `${before}, ${value}`;
}

/**
 * Takes out what `Connection` names (RFC 9110 section 7.6.1). The proxy's own headers are added later, so no client can
 * have them removed this way (CVE-2024-45410 and its like), nor the length that frames the body.
 */
function dropNominated(read: ReadHeaders): void {
  const names = connectionNames(read.connection);
  if (names.length === 0) return;
  const kept: string[] = [];
  for (let i = 0; i + 1 < read.kept.length; i += 2) {
    const name = read.kept[i] ?? "";
    if (!names.includes(name.toLowerCase())) kept.push(name, read.kept[i + 1] ?? "");
  }
  read.kept = kept;
}

/** The names of headers in a `Connection` header, lower case. */
export function connectionNames(connection: string): readonly string[] {
  if (/^(?:keep-alive|close|upgrade)$/i.test(connection)) return [];
  return connection
    .toLowerCase()
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !SPOKEN_FOR.has(name));
}

const SPOKEN_FOR: ReadonlySet<string> = new Set(["keep-alive", "close", "upgrade", "content-length"]);

/** What the proxy knows of a request that its headers do not say. */
export interface Way {
  /** What the backend is sent as Host. */
  readonly host: string;
  /** The client's address. */
  readonly remoteAddress: string;
  /** The value of `X-Forwarded-Port`. */
  readonly port: string;
  readonly scheme: "http" | "https";
  readonly requestId: string;
}

/**
 * The headers of the request to the backend, names and values in turn: first those that ingress-nginx sets, in the order
 * of its nginx.tmpl, then the client's others, in theirs. `Connection` and `Upgrade` are for the caller to add.
 */
export function forwardedHeaders(read: ReadHeaders, way: Way): string[] {
  const headers = setHeaders(way);
  if (read.forwardedFor !== "") headers.push("X-Original-Forwarded-For", read.forwardedFor);
  if (read.forwardedHost !== "") headers.push("X-Original-Forwarded-Host", read.forwardedHost);
  if (read.forwarded) headers.push("Forwarded", forwarded(way));
  const { kept } = read;
  for (let i = 0; i < kept.length; i++) headers.push(kept[i] ?? "");
  return headers;
}

function setHeaders(way: Way): string[] {
  const { host, remoteAddress, port, scheme, requestId } = way;
  return [
    "Host",
    host,
    "X-Request-ID",
    requestId,
    "X-Real-IP",
    remoteAddress,
    "X-Forwarded-For",
    remoteAddress,
    "X-Forwarded-Host",
    host,
    "X-Forwarded-Port",
    port,
    "X-Forwarded-Proto",
    scheme,
    "X-Forwarded-Scheme",
    scheme,
    "X-Scheme",
    scheme,
  ];
}

/**
 * Headers, names and values in turn, with lines set: each takes the place of what there was under its name, whatever the
 * letters' case; one with an empty value only takes that away.
 */
export function withLines(flat: string[], lines: readonly HeaderLine[] | undefined): string[] {
  if (lines === undefined) return flat;
  const names = new Set(lines.map(([name]) => name.toLowerCase()));
  const changed: string[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const name = flat[i] ?? "";
    if (!names.has(name.toLowerCase())) changed.push(name, flat[i + 1] ?? "");
  }
  for (const [name, value] of lines) if (value !== "") changed.push(name, value);
  return changed;
}

/** Headers, names and values in turn, with lines added behind them, whatever there is under the same names. */
export function withAdded(flat: string[], lines: readonly HeaderLine[] | undefined): string[] {
  for (const [name, value] of lines ?? []) flat.push(name, value);
  return flat;
}

/**
 * RFC 7239. ingress-nginx passes a client's `Forwarded` on unread; a backend that believes it would believe anybody, so
 * it is replaced by the real values where a client sends one.
 */
function forwarded(way: Way): string {
  const address = way.remoteAddress.includes(":") ? `"[${way.remoteAddress}]"` : way.remoteAddress;
  return `for=${address};host="${way.host.replace(/["\\]/g, "\\$&")}";proto=${way.scheme}`;
}

/**
 * `X-Forwarded-Port`: the port the client used, so that a backend can build links that work. `--exact`: what a backend
 * sees in the cluster, 80 and 443 (`$pass_port` in nginx.tmpl).
 */
export function forwardedPort(facts: Pick<RequestFacts, "scheme" | "ports" | "exact">): string {
  if (facts.exact) return facts.scheme === "https" ? "443" : "80";
  return String(facts.scheme === "https" ? facts.ports.https : facts.ports.http);
}

/** What a request gets on the way to its backend, for `explain`: from a client on this machine that sent nothing special. */
export function requestHeaders(
  facts: Pick<RequestFacts, "host" | "scheme" | "ports" | "exact">,
): Readonly<Record<string, string>> {
  const flat = setHeaders({
    host: backendHost(facts.host),
    remoteAddress: "127.0.0.1",
    port: forwardedPort(facts),
    scheme: facts.scheme,
    requestId: "<32 hexadecimal digits>",
  });
  const headers: Record<string, string> = {};
  for (let i = 0; i + 1 < flat.length; i += 2) headers[flat[i] ?? ""] = flat[i + 1] ?? "";
  return headers;
}

/** `$best_http_host` of nginx.tmpl: a request without Host (HTTP/1.0) gets the name of the server, which is `_`. */
export function backendHost(host: string): string {
  return host === "" ? "_" : host;
}
