import type { Reason } from "../../../model/reason.ts";
import type { IngressBackend } from "../../../model/resource.ts";
import type { Affinity, Balancing } from "../../../model/route/balancing.ts";
import type { Backend } from "../../../model/route.ts";
import { upstreamNameOf } from "../../../request/variables/readers.ts";
import { backendOf } from "../../route.ts";
import type { SettledIngress } from "../servers.ts";
import type { World } from "../world.ts";

/** An upstream of the controller under construction. */
export interface UpstreamDraft {
  readonly name: string;
  readonly backend: Backend;
  /** The oldest Ingress that names it; its annotations count for every path. */
  readonly owner: SettledIngress;
  /** It is only a canary's upstream, with no path of its own. */
  readonly noServer: boolean;
  readonly endpoints: Balancing["endpoints"];
  affinity: Affinity | undefined;
  why: readonly Reason[];
  /** Canaries of its paths by upstream; the first counts. */
  readonly alternatives: Map<UpstreamDraft, AlternativeDraft>;
  removed: string | undefined;
}

export interface AlternativeDraft {
  readonly draft: UpstreamDraft;
  readonly owner: SettledIngress;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: "Exact" | "Prefix" };
}

export type UpstreamDrafts = ReadonlyMap<string, UpstreamDraft>;

/**
 * The upstreams of Ingresses, oldest first. A Service port has the settings of the first Ingress that names
 * it; a default backend those of the last.
 *
 * Source: ingress-nginx controller.go, createUpstreams.
 */
export function draftUpstreams(ingresses: readonly SettledIngress[], world: World): UpstreamDrafts {
  const drafts = new Map<string, UpstreamDraft>();
  for (const owner of ingresses) {
    const { defaultBackend, rules } = owner.ingress.spec;
    const fallback = draft(owner, defaultBackend, world);
    if (fallback !== undefined) drafts.set(fallback.name, fallback);
    for (const { backend } of rules.flatMap(({ paths }) => paths ?? [])) {
      const made = draft(owner, backend, world);
      if (made !== undefined && !drafts.has(made.name)) drafts.set(made.name, made);
    }
  }
  return drafts;
}

function draft(
  owner: SettledIngress,
  written: IngressBackend | undefined,
  world: World,
): UpstreamDraft | undefined {
  const backend = backendOf(owner.ingress, written);
  if (backend === undefined) return undefined;
  const { balancing, canary } = owner.settings;
  return {
    name: upstreamNameOf(backend),
    backend,
    owner,
    noServer: canary !== undefined,
    endpoints: balancing.serviceUpstream && hasAddress(backend, world) ? "service" : "pods",
    affinity: undefined,
    why: [],
    alternatives: new Map(),
    removed: forbidden(backend, world),
  };
}

/** `--disable-svc-external-name` (controller.go, serviceEndpoints). */
function forbidden({ namespace, service }: Backend, { flags, services }: World): string | undefined {
  const known = services.get(`${namespace}/${service}`);
  return flags.disableSvcExternalName === true && known?.type === "ExternalName"
    ? `the Service ${namespace}/${service} is an ExternalName, which --disable-svc-external-name leaves without endpoints`
    : undefined;
}

/** Headless Services and ExternalNames have no address of their own, so they resolve to endpoints anyway. */
function hasAddress({ namespace, service }: Backend, world: World): boolean {
  const known = world.services.get(`${namespace}/${service}`);
  return known !== undefined && known.type !== "ExternalName" && known.clusterIP !== "None";
}

export function upstreamOf(
  drafts: UpstreamDrafts,
  { ingress }: SettledIngress,
  written: IngressBackend | undefined,
): UpstreamDraft | undefined {
  const backend = backendOf(ingress, written);
  return backend && drafts.get(upstreamNameOf(backend));
}

/** `undefined`: round robin */
export function balancingOf(draft: UpstreamDraft): Balancing | undefined {
  const { name, endpoints, affinity, removed, owner } = draft;
  const { hash, why } = owner.settings.balancing;
  const sentences = [...why, ...draft.why];
  if (endpoints === "pods" && affinity === undefined && hash === undefined && removed === undefined)
    return sentences.length === 0 ? undefined : { upstream: name, endpoints, why: sentences };
  return { upstream: name, endpoints, hash, affinity, removed, why: sentences };
}
