import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { portOrUsual } from "../../request/host.ts";
import { lengthLine } from "../length-line.ts";
import { linesWithSet } from "../request-lines.ts";
import { type EntryOptionsByScheme, isTrusted } from "./entry-options.ts";

/** The pod's host name, `traefik-6d5f9c…`, which nobody knows here. */
export const FORWARDED_SERVER = "traefik-0";

/** Go's transport says their length even of nothing (net/http/transfer.go, shouldSendContentLength). */
const WITH_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH"]);

/**
 * Headers of the backend request: `Host` as sent, the forwarding headers set anew unless the client is trusted, then the client's
 * others. Source: pkg/middlewares/forwardedheaders, pkg/proxy/httputil.
 */
export function traefikRequestHeaders(
  read: ReadHeaders,
  hop: Hop,
  length: string,
  set: LinesSet | undefined,
  options: EntryOptionsByScheme,
): string[] {
  const { remoteAddress, scheme } = hop;
  const entry = options[scheme];
  const claimed = isTrusted(entry, remoteAddress) ? read.claimed : [];
  const said = (name: string) => {
    const at = claimed.indexOf(name);
    return at % 2 === 0 ? claimed[at + 1] : undefined;
  };
  const host = hop.authority ?? hop.host;
  // net/http takes the URL's host where there is none.
  const own = ["Host", hop.told === "endpoint" || host === "" ? (hop.endpoint ?? "") : host];
  if (read.upgrade !== "") own.push("Upgrade", read.upgrade, "Connection", "Upgrade");
  const proto = said("X-Forwarded-Proto") ?? protoOf(scheme, read.upgrade);
  const before = said("X-Forwarded-For");
  if (entry.forwardedFor === "appended")
    own.push("X-Forwarded-For", before === undefined ? remoteAddress : `${before}, ${remoteAddress}`);
  else if (before !== undefined) own.push("X-Forwarded-For", before);
  const forwardedHost = said("X-Forwarded-Host") ?? host;
  if (forwardedHost !== "") own.push("X-Forwarded-Host", forwardedHost);
  own.push("X-Forwarded-Port", said("X-Forwarded-Port") ?? portOrUsual(host, proto));
  own.push("X-Forwarded-Proto", proto, "X-Forwarded-Server", FORWARDED_SERVER);
  own.push("X-Real-Ip", said("X-Real-Ip") ?? remoteAddress);
  if (entry.schemeHeaders === "added") own.push("X-Scheme", proto, "X-Forwarded-Scheme", proto);
  // Go's transport asks for gzip where the client asks for nothing, and unpacks the answer itself.
  if (!hasName(read.kept, "Accept-Encoding")) own.push("Accept-Encoding", "gzip");
  for (let i = 0; i + 1 < claimed.length; i += 2) {
    const name = claimed[i] ?? "";
    if (!own.includes(name)) own.push(name, claimed[i + 1] ?? "");
  }
  return withAdded(
    linesWithSet(own, lengthLine(length, read, hop, WITH_LENGTH), read.kept, setBy(hop, set)),
    set,
  );
}

/** The pod's address as `Host` wins over a middleware's (pkg/proxy/httputil, rewriteRequestBuilder). */
function setBy({ told }: Hop, set: LinesSet | undefined): LinesSet | undefined {
  if (set === undefined || (told !== "endpoint" && set.besides === undefined)) return set;
  const { besides, requestHeaders } = set;
  return {
    besides: besides?.before && { before: besides.before },
    requestHeaders:
      told === "endpoint"
        ? requestHeaders?.filter(([name]) => name.toLowerCase() !== "host")
        : requestHeaders,
  };
}

/** `Header.Add` leaves lines of the same name where they are. */
function withAdded(lines: string[], set: LinesSet | undefined): string[] {
  for (const [name, value] of set?.besides?.behind ?? []) lines.push(name, value);
  return lines;
}

function protoOf(scheme: Hop["scheme"], upgrade: string): string {
  if (upgrade.toLowerCase() !== "websocket") return scheme;
  return scheme === "https" ? "wss" : "ws";
}

function hasName(lines: readonly string[], name: string): boolean {
  for (let i = 0; i < lines.length; i += 2) if (lines[i] === name) return true;
  return false;
}
