import type { Outcome } from "../match/outcome.ts";
import type { ReasonCode } from "../model/reason.ts";
import { guardText, isSameGuard } from "./behaviour/guards-in-words.ts";
import type { Behaviour } from "./behaviour.ts";

export type GuardChange = "added" | "removed" | "changed" | "none";

/** Refusals before any route, by the host's steps. */
const AT_HOST: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  "auth-tls-error-page",
  "auth-tls-match-cn",
  "block-referers",
  "block-user-agents",
  "client-certificate",
]);

function isRefused({ asked, decision }: Pick<Outcome, "asked" | "decision">): boolean {
  const [first] = decision.why;
  if (first !== undefined && decision.kind !== "forward" && AT_HOST.has(first.code)) return true;
  return asked.some(({ verdict }) => verdict === "refused");
}

interface Judged {
  readonly outcome: Pick<Outcome, "asked" | "decision">;
  readonly behaviour: Behaviour;
}

/** Whether other clients are let in. Only what is forwarded lets somebody in. */
export function guardChange(first: Judged, second: Judged): GuardChange {
  const [before, after] = [isRefused(first.outcome), isRefused(second.outcome)];
  if (before && after) return listed(first.behaviour.guards, second.behaviour.guards);
  const isOpen = first.behaviour.kind === "forward" || second.behaviour.kind === "forward";
  if ((before || after) && !isOpen) return "none";
  const between = listed(first.behaviour.guards, second.behaviour.guards);
  if (between === "changed") return "changed";
  if (before) return "removed";
  if (after) return "added";
  if (first.behaviour.kind !== "forward" || second.behaviour.kind !== "forward") return "none";
  return between;
}

/** Guards of the first that the second lacks. */
export function guardsLost(
  first: Behaviour["guards"] = [],
  second: Behaviour["guards"] = [],
): readonly string[] {
  return first.filter((guard) => !second.some((other) => isSameGuard(guard, other))).map(guardText);
}

function listed(first: Behaviour["guards"], second: Behaviour["guards"]): GuardChange {
  const [lost, gained] = [guardsLost(first, second).length > 0, guardsLost(second, first).length > 0];
  if (lost) return gained ? "changed" : "removed";
  return gained ? "added" : "none";
}
