import type { Hop, LinesSet, ReadHeaders } from "../../model/plane.ts";
import { lengthLine } from "../length-line.ts";
import { linesWithSet } from "../request-lines.ts";

/** Without a body these have a length of 0. */
const WITH_LENGTH: ReadonlySet<string> = new Set(["POST", "PUT", "PATCH", "OPTIONS", "PROPFIND"]);

/** Envoy's lines, in lower case, and the client's others. It appends to `x-forwarded-for` without a blank. */
export function envoyRequestHeaders(
  read: ReadHeaders,
  hop: Hop,
  length: string,
  set: LinesSet | undefined,
): string[] {
  const { remoteAddress, scheme, requestId, timeoutMs } = hop;
  const own = ["host", hop.authority ?? hop.host];
  if (read.upgrade !== "") own.push("upgrade", read.upgrade, "connection", "upgrade");
  const before = read.forwardedFor === "" ? "" : `${read.forwardedFor},`;
  own.push("x-forwarded-for", `${before}${remoteAddress}`, "x-forwarded-proto", scheme);
  own.push("x-request-id", requestId, "x-envoy-external-address", remoteAddress);
  if (timeoutMs !== undefined) own.push("x-envoy-expected-rq-timeout-ms", String(timeoutMs));
  const usual = lengthLine(length, read, hop, WITH_LENGTH);
  // By HTTP/2 the end of the stream says so.
  const written = hop.spoken === "HTTP/2" && usual === "0" ? "" : usual;
  const lines = linesWithSet(own, written, read.kept, set && { ...set, besides: undefined });
  if (set?.besides === undefined) return lines;
  const { besides } = set;
  // What is added stands beside what the client sent.
  const names = new Set((set.requestHeaders ?? []).map(([name]) => name.toLowerCase()));
  const added = [...(besides.before ?? []), ...(besides.behind ?? [])];
  // What a rule sets replaces what a backend's filter adds.
  return [...lines, ...added.filter(([name]) => !names.has(name.toLowerCase())).flat()];
}
