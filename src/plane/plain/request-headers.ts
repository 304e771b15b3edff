import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { linesWithSet } from "../request-lines.ts";

/**
 * The headers of the request to the backend: `Host` as the client sent it, the three `X-Forwarded-` headers that nearly
 * every backend reads, then the client's own.
 *
 * RFC 7239 has `Forwarded` for the same, but few backends read that; a client's own would contradict these, and is
 * left out.
 */
export function plainRequestHeaders(
  read: ReadHeaders,
  hop: Hop,
  length: string,
  set: LinesSet | undefined,
): string[] {
  const { host, remoteAddress, scheme } = hop;
  const own = ["Host", host];
  if (read.upgrade !== "") own.push("Upgrade", read.upgrade, "Connection", "upgrade");
  own.push("X-Forwarded-For", remoteAddress, "X-Forwarded-Host", host, "X-Forwarded-Proto", scheme);
  return linesWithSet(own, length, read.kept, set);
}
