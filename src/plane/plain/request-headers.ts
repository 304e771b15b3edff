import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { linesWithSet } from "../request-lines.ts";

/**
 * Headers of the backend request: the client's `Host`, the three `X-Forwarded-` headers that nearly every
 * backend reads, then the client's others. RFC 7239's `Forwarded` is left out: few backends read it, and a
 * client's own would contradict these.
 */
export function plainRequestHeaders(
  read: ReadHeaders,
  hop: Hop,
  length: string,
  set: LinesSet | undefined,
): string[] {
  const { remoteAddress, scheme } = hop;
  // The host of a target in absolute form replaces `Host` (RFC 9112 section 3.2.2).
  const host = hop.authority ?? hop.host;
  const own = ["Host", host];
  if (read.upgrade !== "") own.push("Upgrade", read.upgrade, "Connection", "upgrade");
  own.push("X-Forwarded-For", remoteAddress, "X-Forwarded-Host", host, "X-Forwarded-Proto", scheme);
  return linesWithSet(own, length, read.kept, set);
}
