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
