import type { Reason } from "../../../model/reason.ts";
import type { Affinity } from "../../../model/route/balancing.ts";
import type { Steps } from "../../../steps.ts";
import type { AskAtLength } from "../../query.ts";
import type { SettledIngress } from "../settling.ts";
import { sessionsOf } from "./affinity.ts";
import { type CanaryOfUpstream, type MergedUpstream, type NginxUpstream, upstreamOf } from "./upstream.ts";

/** An upstream while canaries are merged, one after another. */
export interface UpstreamDraft {
  readonly upstream: NginxUpstream;
  affinity: Affinity | undefined;
  why: readonly Reason[];
  removed: string | undefined;
  /** Canaries of its paths by upstream; the first counts. */
  readonly alternatives: Map<UpstreamDraft, AlternativeDraft>;
}

export interface AlternativeDraft {
  readonly draft: UpstreamDraft;
  readonly owner: SettledIngress;
  readonly rule: CanaryOfUpstream["rule"];
}

/** The upstreams that canaries have to do with, each drafted when first named. */
export class UpstreamDrafts {
  readonly #drafts = new Map<string, UpstreamDraft | undefined>();

  *of(name: string, ask: AskAtLength): Steps<UpstreamDraft | undefined> {
    if (!this.#drafts.has(name)) this.#drafts.set(name, yield* draftOf(name, ask));
    return this.#drafts.get(name);
  }

  merged(): ReadonlyMap<string, MergedUpstream> {
    const merged = new Map<string, MergedUpstream>();
    for (const [name, draft] of this.#drafts) if (draft !== undefined) merged.set(name, mergedOf(draft));
    return merged;
  }
}

function* draftOf(name: string, ask: AskAtLength): Steps<UpstreamDraft | undefined> {
  const upstream = upstreamOf(name, ask);
  if (upstream === undefined) return undefined;
  const sessions = yield* sessionsOf(name, ask);
  return { upstream, ...sessions, removed: upstream.removed, alternatives: new Map() };
}

function mergedOf({ affinity, why, removed, alternatives }: UpstreamDraft): MergedUpstream {
  const [first] = alternatives.values();
  if (first === undefined) return { affinity, why, removed, canary: undefined };
  const { draft, owner, rule } = first;
  const state = { affinity: draft.affinity, why: draft.why, removed: draft.removed };
  return { affinity, why, removed, canary: { name: draft.upstream.name, owner, rule, state } };
}
