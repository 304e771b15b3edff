import type { Problem } from "../../../model/problem.ts";
import type { IngressPath } from "../../../model/resource.ts";
import { ingressName, problemOf } from "../../problem.ts";
import { isExact, pathAndType } from "../../route.ts";
import type { LocationDraft, ServerDraft, SettledIngress } from "../servers.ts";
import { backendKey } from "./affinity.ts";
import {
  type AlternativeDraft,
  type UpstreamDraft,
  type UpstreamDrafts,
  upstreamOf,
} from "./upstream-drafts.ts";

interface Candidate {
  readonly owner: SettledIngress;
  readonly alternative: UpstreamDraft;
  readonly rule: AlternativeDraft["rule"];
  readonly field: string;
  readonly of: "every path" | string;
}

interface Primaries {
  readonly locations: readonly LocationDraft[];
  /** Indexes of `locations`: by path and type, and of the first for each upstream. */
  readonly byPathAndType: ReadonlyMap<string, number>;
  readonly firstOf: ReadonlyMap<UpstreamDraft, number>;
}

/**
 * Merges canary Ingresses into the upstreams of their primaries: same host, path and pathType. The upstream
 * is shared, so a canary also gets requests elsewhere with its primary's Service port.
 *
 * Source: ingress-nginx controller.go, mergeAlternativeBackends and mergeAlternativeBackend.
 */
export function mergeCanaries(
  ingresses: readonly SettledIngress[],
  servers: ReadonlyMap<string, ServerDraft>,
  drafts: UpstreamDrafts,
): readonly Problem[] {
  const canaries = ingresses.filter(({ settings }) => settings.canary !== undefined);
  const alone = canaries.length === ingresses.length;
  const known = new Map<string, Primaries | undefined>();
  const primariesOf = (host: string) => {
    if (!known.has(host)) known.set(host, primaries(servers.get(host), drafts));
    return known.get(host);
  };
  return canaries.flatMap((owner) =>
    candidates(owner, drafts).flatMap((candidate) => {
      const problem = merge(candidate, alone ? undefined : primariesOf(candidate.rule.host), drafts);
      return problem === undefined ? [] : [problem];
    }),
  );
}

function primaries(server: ServerDraft | undefined, drafts: UpstreamDrafts): Primaries | undefined {
  if (server === undefined) return undefined;
  const byPathAndType = new Map<string, number>();
  const firstOf = new Map<UpstreamDraft, number>();
  for (const [index, location] of server.locations.entries()) {
    byPathAndType.set(pathAndType(location), index);
    const primary = primaryOf(location, drafts);
    if (primary !== undefined && !firstOf.has(primary)) firstOf.set(primary, index);
  }
  return { locations: server.locations, byPathAndType, firstOf };
}

function candidates(owner: SettledIngress, drafts: UpstreamDrafts): readonly Candidate[] {
  const { defaultBackend, rules } = owner.ingress.spec;
  const found: Candidate[] = [];
  const catchAll = upstreamOf(drafts, owner, defaultBackend);
  const everywhere = { host: "", path: "/", pathType: "Prefix" } as const;
  if (catchAll !== undefined)
    found.push({
      ...{ owner, alternative: catchAll, rule: everywhere, field: "spec.defaultBackend" },
      of: "every path",
    });
  for (const { host, paths = [] } of rules)
    for (const path of paths) {
      const alternative = upstreamOf(drafts, owner, path.backend);
      if (alternative !== undefined) found.push(candidateOf(owner, alternative, host, path));
    }
  return found;
}

function candidateOf(
  owner: SettledIngress,
  alternative: UpstreamDraft,
  host: string,
  { path: written, pathType, field }: IngressPath,
): Candidate {
  const path = written === "" ? "/" : written;
  const exact = isExact(pathType);
  return {
    ...{ owner, alternative, field, rule: { host, path, pathType: exact ? "Exact" : "Prefix" } },
    of: pathAndType({ path, exact }),
  };
}

function merge(
  candidate: Candidate,
  among: Primaries | undefined,
  drafts: UpstreamDrafts,
): Problem | undefined {
  const { alternative } = candidate;
  if (alternative.removed !== undefined) return unmatched(candidate);
  let merged: UpstreamDraft | undefined;
  const own = among?.firstOf.get(alternative);
  for (const location of fitting(candidate, among, own)) {
    const primary = primaryOf(location, drafts);
    if (primary === undefined || primary.removed !== undefined || primary.noServer) continue;
    merged = primary;
    add(candidate, primary);
  }
  const ownLocation = own === undefined ? undefined : among?.locations[own];
  if (ownLocation !== undefined) return itsOwnPrimary(candidate, ownLocation);
  if (merged !== undefined) return shadowed(candidate, merged);
  if (among !== undefined) {
    const name = ingressName(candidate.owner.ingress);
    alternative.removed = `the canary Ingress ${name} names its Service port for a path that no other Ingress has, and the controller deletes the upstream ${alternative.name} then`;
  }
  return unmatched(candidate);
}

/** A canary's candidate locations: the controller stops at the first with the canary's own upstream. */
function fitting(
  { of }: Candidate,
  among: Primaries | undefined,
  own: number | undefined,
): readonly LocationDraft[] {
  if (among === undefined) return [];
  if (of === "every path") return among.locations.slice(0, own);
  const index = among.byPathAndType.get(of) ?? -1;
  const location = among.locations[index];
  return location === undefined || index >= (own ?? Number.POSITIVE_INFINITY) ? [] : [location];
}

/** The controller's default backend cannot be a primary. */
function primaryOf({ owner, rule }: LocationDraft, drafts: UpstreamDrafts): UpstreamDraft | undefined {
  if (owner === undefined) return undefined;
  return upstreamOf(
    drafts,
    owner,
    rule === undefined ? owner.ingress.spec.defaultBackend : rule.path.backend,
  );
}

function add({ owner, alternative, rule }: Candidate, primary: UpstreamDraft): void {
  if (primary.alternatives.has(alternative)) return;
  if (owner.settings.balancing.canaries === "sticky") {
    const { affinity } = primary;
    alternative.affinity = affinity && { ...affinity, backendKey: backendKey(alternative.name) };
    alternative.why = primary.why;
  }
  primary.alternatives.set(alternative, { draft: alternative, owner, rule });
}

function ignored({ owner, field }: Candidate, what: string, fix: string): Problem {
  const message = `canary Ingress ${ingressName(owner.ingress)}: ${what}`;
  return problemOf(owner.ingress, { code: "canary-ignored", level: "warning", field, message, fix });
}

function unmatched(candidate: Candidate): Problem {
  const { host, path, pathType } = candidate.rule;
  const what = `no other Ingress has a path "${path}" (${pathType}) for host "${host || "_"}" with a Service behind it, so the controller gives it nothing to do, and takes its backend ${candidate.alternative.name} away wherever else it is one`;
  return ignored(
    candidate,
    what,
    "Give it the host, the path and the pathType of the Ingress that it is a canary of.",
  );
}

function itsOwnPrimary(candidate: Candidate, { owner }: LocationDraft): Problem {
  const ordinary = owner === undefined ? "the controller" : `Ingress ${ingressName(owner.ingress)}`;
  const what = `its backend ${candidate.alternative.name} is that of an ordinary path of ${ordinary} on the same host, so it is no alternative to it`;
  return ignored(candidate, what, "Name another Service for the canary.");
}

/** balancer.lua asks only an upstream's first alternative. */
function shadowed(candidate: Candidate, primary: UpstreamDraft): Problem | undefined {
  const [first] = primary.alternatives.values();
  if (first === undefined || first.draft === candidate.alternative) return noRules(candidate);
  const what = `only one canary is asked for ${primary.name}, and that is the one of Ingress ${ingressName(first.owner.ingress)}`;
  return ignored(candidate, what, "Remove one of the two canaries.");
}

function noRules(candidate: Candidate): Problem | undefined {
  const { alternative } = candidate;
  if (alternative.noServer) return undefined;
  const what = `its backend ${alternative.name} is that of an ordinary path of Ingress ${ingressName(alternative.owner.ingress)} too, which came first: the controller passes over its header, cookie and weight`;
  return ignored(candidate, what, "Name another Service for the canary.");
}
