import type { Hop, ReadHeaders } from "../model/plane.ts";

/** The length that a backend is told: 0 for a request of these methods that has no body and says no length. */
export function lengthLine(
  length: string,
  read: Pick<ReadHeaders, "transferEncoding">,
  { method = "", hasBody = read.transferEncoding !== "" }: Pick<Hop, "method" | "hasBody">,
  withLength: ReadonlySet<string>,
): string {
  return length === "" && !hasBody && withLength.has(method) ? "0" : length;
}
