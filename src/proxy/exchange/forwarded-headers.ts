import type { Decision, HeaderLine, RequestFacts } from "../../model/decision.ts";
import { type ReadHeaders, readHeaders } from "./headers.ts";

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
  /** What becomes of a client's `Forwarded`: with `--exact` it goes on unread, as in the cluster. */
  readonly forwarded: "passed-on" | "replaced";
}

/** What a decision sets on a request to its backend. */
export type LinesSet = Pick<Extract<Decision, { kind: "forward" }>, "requestHeaders" | "besides">;

const NOTHING: LinesSet = {};

/**
 * The headers of the request to the backend, names and values in turn: first those that ingress-nginx sets, in the order
 * of its nginx.tmpl, then the client's others, in theirs. An empty `length`: no `Content-Length`.
 */
export function forwardedHeaders(read: ReadHeaders, way: Way, length = "", set = NOTHING): string[] {
  const own = ownHeaders(way, read);
  const replaced = read.forwarded && way.forwarded === "replaced";
  if (replaced) own.push("Forwarded", forwarded(way));
  const { besides, requestHeaders } = set;
  if (besides !== undefined || requestHeaders !== undefined || replaced) {
    const more = replaceIn(own, requestHeaders ?? []);
    const lines = [...flat(besides?.before), ...own, ...flat(besides?.behind), ...more];
    return requestLines(lines, length, read.kept);
  }
  if (length !== "") own.push("Content-Length", length);
  const { kept } = read;
  for (let i = 0; i < kept.length; i++) own.push(kept[i] ?? "");
  return own;
}

/** The same for a backend that answers for an error: of the headers above three are set (nginx.tmpl, CUSTOM_ERRORS). */
export function errorPageHeaders(read: ReadHeaders, way: Way, length = "", set = NOTHING): string[] {
  const { host, requestId, remoteAddress } = way;
  const own = ["X-Request-ID", requestId, "X-Forwarded-For", remoteAddress, "Host", host];
  const more = replaceIn(own, set.requestHeaders ?? []);
  return requestLines([...more, ...own], length, [...read.claimed, ...read.kept]);
}

/**
 * The headers of a request as nginx writes them (ngx_http_proxy_create_request), names and values in turn: the lines that
 * are set, but for those without a value, the length of the body, then the client's lines that nothing is set in place of.
 */
export function requestLines(set: readonly string[], length: string, clients: readonly string[]): string[] {
  const names = new Set<string>();
  const lines: string[] = [];
  const keep = (name: string, value: string) => void lines.push(name, value);
  each(set, (name, value) => {
    names.add(name.toLowerCase());
    if (value !== "") keep(name, value);
  });
  if (length !== "" && !names.has("content-length")) keep("Content-Length", length);
  each(clients, (name, value) => {
    if (!names.has(name.toLowerCase())) keep(name, value);
  });
  return lines;
}

/** Puts lines in the place of those under the same names, and gives the rest, names and values in turn. */
function replaceIn(own: string[], lines: readonly HeaderLine[]): string[] {
  const rest: string[] = [];
  for (const [name, value] of lines) {
    const at = own.findIndex((found, i) => i % 2 === 0 && found.toLowerCase() === name.toLowerCase());
    if (at < 0) rest.push(name, value);
    else own[at + 1] = value;
  }
  return rest;
}

function flat(lines: readonly HeaderLine[] | undefined): string[] {
  return lines === undefined ? [] : lines.flat();
}

function each(lines: readonly string[], take: (name: string, value: string) => void): void {
  for (let i = 0; i + 1 < lines.length; i += 2) take(lines[i] ?? "", lines[i + 1] ?? "");
}

/** In the order of the template, from `Host` to `X-Original-Forwarded-Host`. */
function ownHeaders(way: Way, read: ReadHeaders): string[] {
  const { host, remoteAddress, port, scheme, requestId } = way;
  const own = ["Host", host];
  // `$connection_upgrade`: whatever the client's own Connection says.
  if (read.upgrade !== "") own.push("Upgrade", read.upgrade, "Connection", "upgrade");
  own.push(
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
  );
  if (read.forwardedFor !== "") own.push("X-Original-Forwarded-For", read.forwardedFor);
  if (read.forwardedHost !== "") own.push("X-Original-Forwarded-Host", read.forwardedHost);
  return own;
}

/**
 * RFC 7239. ingress-nginx passes a client's `Forwarded` on unread; a backend that believes it would believe anybody, so
 * without `--exact` it is replaced by the real values where a client sends one (docs/differences.md).
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

/** What a request gets on the way to its backend, for `explain`: from a client that sent nothing special. */
export function requestHeaders(
  facts: Pick<RequestFacts, "host" | "scheme" | "ports" | "exact" | "remoteAddress">,
): Readonly<Record<string, string>> {
  const way: Way = {
    host: backendHost(facts.host),
    remoteAddress: facts.remoteAddress,
    port: forwardedPort(facts),
    scheme: facts.scheme,
    requestId: "<32 hexadecimal digits>",
    forwarded: facts.exact ? "passed-on" : "replaced",
  };
  const headers: Record<string, string> = {};
  each(ownHeaders(way, readHeaders([])), (name, value) => {
    headers[name] = value;
  });
  return headers;
}

/** `$best_http_host` of nginx.tmpl: a request without Host (HTTP/1.0) gets the name of the server, which is `_`. */
export function backendHost(host: string): string {
  return host === "" ? "_" : host;
}
