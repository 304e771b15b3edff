import type { Balancing } from "../../model/balancing.ts";
import type { Choice, Decision } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { fillVariables } from "../../request/variables.ts";
import type { Arrival } from "./arrival.ts";
import { canaryVerdict } from "./canary.ts";
import { sessionChoice } from "./session.ts";

/** Which upstream answers a request that is forwarded, its own or a canary, and what chooses among its endpoints. */
export function sharedOut(decision: Decision, arrival: Arrival): Decision {
  if (decision.kind !== "forward" || decision.backend.balancing === undefined) return decision;
  const { alternative } = decision.backend.balancing;
  if (alternative === undefined) return withChoice(decision, decision.backend.balancing, arrival);
  const verdict = canaryVerdict(
    decision.backend,
    alternative,
    arrival.request,
    arrival.route.transport.protocol,
  );
  const name = `the canary Ingress ${alternative.ingress}`;
  const text = `${name} ${verdict.taken ? "takes the request" : "does not take the request"}: ${verdict.why}`;
  const why = reason("canary", text);
  const backend = verdict.taken ? alternative.backend : decision.backend;
  return withChoice({ ...decision, backend, why: [why, ...decision.why] }, backend.balancing, arrival);
}

function withChoice(
  decision: Decision & { readonly kind: "forward" },
  balancing: Balancing | undefined,
  arrival: Arrival,
): Decision {
  if (balancing === undefined) return decision;
  const why = [...decision.why, ...balancing.why];
  return { ...decision, choice: choiceOf(balancing, arrival), why };
}

/** A cookie goes before a hash, and a hash before everything else (balancer.lua, get_implementation). */
function choiceOf({ affinity, hash, upstream }: Balancing, arrival: Arrival): Choice | undefined {
  if (affinity !== undefined) return sessionChoice(affinity, upstream, arrival);
  if (hash === undefined) return undefined;
  return { kind: "hash", key: fillVariables(hash.text, arrival), subsetSize: hash.subsetSize };
}
