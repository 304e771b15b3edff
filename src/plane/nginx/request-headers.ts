import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { linesWithSet, replaceIn, requestLines, withSet } from "../request-lines.ts";

/**
 * Headers of the backend request, names and values alternating: ingress-nginx's in nginx.tmpl's order, then
 * the client's others. `length` `""`: no `Content-Length`
 */
export function nginxRequestHeaders(
  read: ReadHeaders,
  hop: Hop,
  length: string,
  set: LinesSet | undefined,
): string[] {
  if (set?.errorPage !== undefined) return errorPageHeaders(read, hop, length, set);
  const own = ownHeaders(hop, read);
  const replaced = read.forwarded && !hop.exact;
  if (replaced) own.push("Forwarded", forwarded(hop));
  if (replaced) return requestLines(withSet(own, set ?? {}), length, read.kept);
  return linesWithSet(own, length, read.kept, set);
}

/** For an error backend, which gets only three of these (nginx.tmpl, CUSTOM_ERRORS). */
function errorPageHeaders(read: ReadHeaders, hop: Hop, length: string, set: LinesSet): string[] {
  const { requestId, remoteAddress } = hop;
  const own = ["X-Request-ID", requestId, "X-Forwarded-For", remoteAddress, "Host", backendHost(hop)];
  const more = replaceIn(own, set.requestHeaders ?? []);
  return requestLines([...more, ...own], length, [...read.claimed, ...read.kept]);
}

/** In template order, from `Host` to `X-Original-Forwarded-Host`. */
function ownHeaders(hop: Hop, read: ReadHeaders): string[] {
  const { remoteAddress, port, scheme, requestId } = hop;
  const host = backendHost(hop);
  const own = ["Host", host];
  // `$connection_upgrade`: whatever the client's Connection says.
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
 * RFC 7239. ingress-nginx passes on a client's `Forwarded` unread, and a backend that trusts it trusts
 * anyone. So without `--exact` the real values replace it (docs/differences.md).
 */
function forwarded(hop: Hop): string {
  const { remoteAddress, scheme } = hop;
  const address = remoteAddress.includes(":") ? `"[${remoteAddress}]"` : remoteAddress;
  return `for=${address};host="${backendHost(hop).replace(/["\\]/g, "\\$&")}";proto=${scheme}`;
}

/** `$best_http_host` of nginx.tmpl: without Host (HTTP/1.0) the server's name, `_`. */
function backendHost({ host }: Hop): string {
  return host === "" ? "_" : host;
}
