import type { Decision } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import { type HopFacts, hopOf } from "../../plane/hop.ts";

/**
 * The headers that a plane sets on a request to its backend, the client's own ones and those of annotations taken into
 * account. `raw`: names and values in turn.
 */
export function headersSet(
  plane: Plane,
  facts: HopFacts,
  raw: readonly string[],
  decision?: Decision | undefined,
): Readonly<Record<string, string>> {
  const read = plane.readHeaders(raw);
  const requestId = read.requestId === "" ? "<32 hexadecimal digits>" : read.requestId;
  const forward = decision?.kind === "forward" ? decision : undefined;
  const none = { ...read, kept: [], claimed: [] };
  const lines = plane.requestHeaders(none, hopOf(facts, requestId), "", forward);
  return Object.fromEntries(lines.flatMap((name, i) => (i % 2 === 0 ? [[name, lines[i + 1] ?? ""]] : [])));
}
