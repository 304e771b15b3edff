import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { linesWithSet } from "../request-lines.ts";

/** Envoy's lines, in lower case, and the client's others. It appends to `x-forwarded-for` without a blank. */
export function envoyRequestHeaders(
  read: ReadHeaders,
  hop: Hop,
  length: string,
  set: LinesSet | undefined,
): string[] {
  const { remoteAddress, scheme, requestId } = hop;
  const own = ["host", hop.authority ?? hop.host];
  if (read.upgrade !== "") own.push("upgrade", read.upgrade, "connection", "upgrade");
  const before = read.forwardedFor === "" ? "" : `${read.forwardedFor},`;
  own.push("x-forwarded-for", `${before}${remoteAddress}`, "x-forwarded-proto", scheme);
  own.push("x-request-id", requestId, "x-envoy-external-address", remoteAddress);
  return linesWithSet(own, length, read.kept, set);
}
