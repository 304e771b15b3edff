import type { Problem } from "../../../model/problem.ts";
import { ingressName, problemOf } from "../../problem.ts";
import type { LocationDraft } from "../servers.ts";
import type { Candidate } from "./canaries.ts";
import type { UpstreamDraft } from "./merging.ts";

function ignored({ owner, field }: Candidate, what: string, fix: string): Problem {
  const message = `canary Ingress ${ingressName(owner.ingress)}: ${what}`;
  return problemOf(owner.ingress, { code: "canary-ignored", level: "warning", field, message, fix });
}

export function unmatched(candidate: Candidate): Problem {
  const { host, path, pathType } = candidate.rule;
  const what = `no other Ingress has a path "${path}" (${pathType}) for host "${host || "_"}" with a Service behind it, so the controller gives it nothing to do, and takes its backend ${candidate.alternative.upstream.name} away wherever else it is one`;
  return ignored(
    candidate,
    what,
    "Give it the host, the path and the pathType of the Ingress that it is a canary of.",
  );
}

export function itsOwnPrimary(candidate: Candidate, { owner }: LocationDraft): Problem {
  const ordinary = owner === undefined ? "the controller" : `Ingress ${ingressName(owner.ingress)}`;
  const what = `its backend ${candidate.alternative.upstream.name} is that of an ordinary path of ${ordinary} on the same host, so it is no alternative to it`;
  return ignored(candidate, what, "Name another Service for the canary.");
}

/** balancer.lua asks only an upstream's first alternative. */
export function shadowed(candidate: Candidate, primary: UpstreamDraft): Problem | undefined {
  const [first] = primary.alternatives.values();
  if (first === undefined || first.draft === candidate.alternative) return noRules(candidate);
  const what = `only one canary is asked for ${primary.upstream.name}, and that is the one of Ingress ${ingressName(first.owner.ingress)}`;
  return ignored(candidate, what, "Remove one of the two canaries.");
}

function noRules(candidate: Candidate): Problem | undefined {
  const { upstream } = candidate.alternative;
  if (upstream.noServer) return undefined;
  const what = `its backend ${upstream.name} is that of an ordinary path of Ingress ${ingressName(upstream.owner.ingress)} too, which came first: the controller passes over its header, cookie and weight`;
  return ignored(candidate, what, "Name another Service for the canary.");
}
