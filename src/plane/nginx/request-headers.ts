import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { linesWithSet, replaceIn, requestLines, withSet } from "../request-lines.ts";

/**
 * The headers of the request to the backend, names and values in turn: first those that ingress-nginx sets, in the order
 * of its nginx.tmpl, then the client's others, in theirs. An empty `length`: no `Content-Length`.
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

/** The same for a backend that answers for an error: of the headers above three are set (nginx.tmpl, CUSTOM_ERRORS). */
function errorPageHeaders(read: ReadHeaders, hop: Hop, length: string, set: LinesSet): string[] {
  const { requestId, remoteAddress } = hop;
  const own = ["X-Request-ID", requestId, "X-Forwarded-For", remoteAddress, "Host", backendHost(hop)];
  const more = replaceIn(own, set.requestHeaders ?? []);
  return requestLines([...more, ...own], length, [...read.claimed, ...read.kept]);
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
