import type { HeaderLine, RequestFacts } from "../model/decision.ts";
import type { ReadHeaders } from "./headers.ts";

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

/** The same for a backend that answers for an error: of the headers above only three are set (nginx.tmpl, CUSTOM_ERRORS). */
export function errorPageHeaders(read: ReadHeaders, { host, requestId, remoteAddress }: Way): string[] {
  const own = ["Host", host, "X-Request-ID", requestId, "X-Forwarded-For", remoteAddress];
  return [...own, ...read.kept];
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
