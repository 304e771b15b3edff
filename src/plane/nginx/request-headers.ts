import type { HeaderLine } from "../../model/decision.ts";
import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { requestLines } from "../request-lines.ts";

const NOTHING: LinesSet = {};

/**
 * The headers of the request to the backend, names and values in turn: first those that ingress-nginx sets, in the order
 * of its nginx.tmpl, then the client's others, in theirs. An empty `length`: no `Content-Length`.
 */
export function requestHeaders(read: ReadHeaders, hop: Hop, length: string, set = NOTHING): string[] {
  if (set.errorPage !== undefined) return errorPageHeaders(read, hop, length, set);
  const own = ownHeaders(hop, read);
  const replaced = read.forwarded && !hop.exact;
  if (replaced) own.push("Forwarded", forwarded(hop));
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
function errorPageHeaders(read: ReadHeaders, hop: Hop, length: string, set: LinesSet): string[] {
  const { requestId, remoteAddress } = hop;
  const own = ["X-Request-ID", requestId, "X-Forwarded-For", remoteAddress, "Host", backendHost(hop)];
  const more = replaceIn(own, set.requestHeaders ?? []);
  return requestLines([...more, ...own], length, [...read.claimed, ...read.kept]);
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

/** In the order of the template, from `Host` to `X-Original-Forwarded-Host`. */
function ownHeaders(hop: Hop, read: ReadHeaders): string[] {
  const { remoteAddress, port, scheme, requestId } = hop;
  const host = backendHost(hop);
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
function forwarded(hop: Hop): string {
  const { remoteAddress, scheme } = hop;
  const address = remoteAddress.includes(":") ? `"[${remoteAddress}]"` : remoteAddress;
  return `for=${address};host="${backendHost(hop).replace(/["\\]/g, "\\$&")}";proto=${scheme}`;
}

/** `$best_http_host` of nginx.tmpl: a request without Host (HTTP/1.0) gets the name of the server, which is `_`. */
function backendHost({ host }: Hop): string {
  return host === "" ? "_" : host;
}
