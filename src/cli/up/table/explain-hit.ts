import { explain } from "../../../match/explain.ts";
import type { HitEvent } from "../../../model/event.ts";
import { textsOf } from "../../../model/reason.ts";
import { headersSet } from "../../explain/headers-set.ts";
import { explainText } from "../../explain/print-explain.ts";
import type { KeptOutcome } from "./kept-outcomes.ts";

/**
 * The reasons of an answer, for Enter in the dashboard. Reasons from carrying it out (502, 504) come first.
 * `kept`: its outcome; `undefined` if it is too old.
 */
export function explainHit(hit: HitEvent, kept: KeptOutcome | undefined): readonly string[] {
  if (kept === undefined) return textsOf(hit.why);
  const { facts, decision, table, plane } = kept;
  const outcome = { facts, decision, asked: [], upstream: hit.upstream };
  const beside = table === undefined ? { rejected: [], differences: [] } : explain(table, outcome);
  const reasons = textsOf(decision.why);
  const later = textsOf(hit.why).filter((text) => !reasons.includes(text));
  return [...later, ...explainText({ ...outcome, ...beside, headers: headersSet(plane, facts, decision) })];
}
