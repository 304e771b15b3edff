import type { Problem } from "../../../model/problem.ts";
import type { IngressPath } from "../../../model/resource.ts";
import type { Steps } from "../../../steps.ts";
import { ingressName } from "../../problem.ts";
import { type AskAtLength, longQuery } from "../../query.ts";
import { isExact, pathAndType } from "../../route.ts";
import { type LocationDraft, SERVER } from "../servers.ts";
import type { SettledIngress } from "../settling.ts";
import { CANARY_INGRESSES, IS_SERVER, PRESENT } from "../survey.ts";
import { backendKey } from "./affinity.ts";
import { itsOwnPrimary, shadowed, unmatched } from "./canary-problems.ts";
import { type AlternativeDraft, type UpstreamDraft, UpstreamDrafts } from "./merging.ts";
import { namedPort } from "./port.ts";
import type { MergedUpstream } from "./upstream.ts";

export interface Candidate {
  readonly owner: SettledIngress;
  readonly alternative: UpstreamDraft;
  readonly rule: AlternativeDraft["rule"];
  readonly field: string;
  readonly of: "every path" | string;
}

interface Primaries {
  readonly locations: readonly LocationDraft[];
  /** Those of `locations`, in their order. */
  readonly drafts: readonly (UpstreamDraft | undefined)[];
  /** Indexes of `locations`: by path and type, and of the first for each upstream. */
  readonly byPathAndType: ReadonlyMap<string, number>;
  readonly firstOf: ReadonlyMap<UpstreamDraft, number>;
}

interface Canaries {
  /** Upstreams that canaries have to do with, by name. */
  readonly merged: ReadonlyMap<string, MergedUpstream>;
  readonly problems: readonly Problem[];
}

/**
 * Merges canary Ingresses into the upstreams of their primaries: same host, path and pathType. The upstream
 * is shared, so a canary also gets requests elsewhere with its primary's Service port.
 *
 * Source: ingress-nginx controller.go, mergeAlternativeBackends and mergeAlternativeBackend.
 */
export const CANARIES = longQuery<undefined, Canaries>("canaries", function* (_, ask) {
  const drafts = new UpstreamDrafts();
  const problems: Problem[] = [];
  const known = new Map<string, Primaries | undefined>();
  for (const owner of ask.for(CANARY_INGRESSES))
    for (const candidate of yield* candidates(owner, drafts, ask)) {
      const { host } = candidate.rule;
      if (!known.has(host)) known.set(host, yield* primariesOf(host, drafts, ask));
      const problem = merge(candidate, known.get(host));
      if (problem !== undefined) problems.push(problem);
      yield;
    }
  return { merged: drafts.merged(), problems };
});

/** `undefined`: nothing is merged at the host. */
function* primariesOf(host: string, drafts: UpstreamDrafts, ask: AskAtLength): Steps<Primaries | undefined> {
  if (ask.for(PRESENT) === "canaries" || !ask.for(IS_SERVER, host)) return undefined;
  const { locations } = yield* ask.inSteps(SERVER, host);
  const byPathAndType = new Map<string, number>();
  const firstOf = new Map<UpstreamDraft, number>();
  const ofLocations: (UpstreamDraft | undefined)[] = [];
  for (const [index, location] of locations.entries()) {
    byPathAndType.set(pathAndType(location), index);
    const primary = location.port && (yield* drafts.of(location.port.upstream, ask));
    ofLocations.push(primary);
    if (primary !== undefined && !firstOf.has(primary)) firstOf.set(primary, index);
    if (index % 100 === 0) yield;
  }
  return { locations, drafts: ofLocations, byPathAndType, firstOf };
}

function* candidates(
  owner: SettledIngress,
  drafts: UpstreamDrafts,
  ask: AskAtLength,
): Steps<readonly Candidate[]> {
  const { ingress, defaultPort } = owner;
  const found: Candidate[] = [];
  const catchAll = defaultPort && (yield* drafts.of(defaultPort.upstream, ask));
  const everywhere = { host: "", path: "/", pathType: "Prefix" } as const;
  if (catchAll !== undefined)
    found.push({
      ...{ owner, alternative: catchAll, rule: everywhere, field: "spec.defaultBackend" },
      of: "every path",
    });
  for (const { host, paths = [] } of ingress.spec.rules)
    for (const path of paths) {
      const port = namedPort(ingress, path.backend, ask);
      const alternative = port && (yield* drafts.of(port.upstream, ask));
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

function merge(candidate: Candidate, among: Primaries | undefined): Problem | undefined {
  const { alternative } = candidate;
  if (alternative.removed !== undefined) return unmatched(candidate);
  let merged: UpstreamDraft | undefined;
  const own = among?.firstOf.get(alternative);
  for (const primary of fitting(candidate, among, own)) {
    // The controller's default backend cannot be a primary.
    if (primary === undefined || primary.removed !== undefined || primary.upstream.noServer) continue;
    merged = primary;
    add(candidate, primary);
  }
  const ownLocation = own === undefined ? undefined : among?.locations[own];
  if (ownLocation !== undefined) return itsOwnPrimary(candidate, ownLocation);
  if (merged !== undefined) return shadowed(candidate, merged);
  if (among !== undefined) {
    const name = ingressName(candidate.owner.ingress);
    alternative.removed = `the canary Ingress ${name} names its Service port for a path that no other Ingress has, and the controller deletes the upstream ${alternative.upstream.name} then`;
  }
  return unmatched(candidate);
}

/** The upstreams of a canary's candidate locations: the controller stops at the first with the canary's own upstream. */
function fitting(
  { of }: Candidate,
  among: Primaries | undefined,
  own: number | undefined,
): readonly (UpstreamDraft | undefined)[] {
  if (among === undefined) return [];
  if (of === "every path") return among.drafts.slice(0, own);
  const index = among.byPathAndType.get(of) ?? -1;
  return index === -1 || index >= (own ?? Number.POSITIVE_INFINITY) ? [] : [among.drafts[index]];
}

function add({ owner, alternative, rule }: Candidate, primary: UpstreamDraft): void {
  if (primary.alternatives.has(alternative)) return;
  if (owner.settings.balancing.canaries === "sticky") {
    const { affinity } = primary;
    alternative.affinity = affinity && { ...affinity, backendKey: backendKey(alternative.upstream.name) };
    alternative.why = primary.why;
  }
  primary.alternatives.set(alternative, { draft: alternative, owner, rule });
}
