import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { Plane } from "../../model/plane.ts";
import { type HopFacts, hopOf } from "../../request/hop.ts";

export function headersSet(
  plane: Plane,
  facts: HopFacts & Pick<RequestFacts, "head">,
  decision?: Decision,
): Readonly<Record<string, string>> {
  const read = facts.head ?? plane.readHeaders([]);
  const requestId = read.requestId === "" ? "<32 hexadecimal digits>" : read.requestId;
  const forward = decision?.kind === "forward" ? decision : undefined;
  const none = { ...read, kept: [], claimed: [] };
  const lines = plane.requestHeaders(none, hopOf(facts, requestId, forward?.route.transport), "", forward);
  return Object.fromEntries(lines.flatMap((name, i) => (i % 2 === 0 ? [[name, lines[i + 1] ?? ""]] : [])));
}
