import type { Affinity, Balancing } from "../../model/balancing.ts";
import type { Reason } from "../../model/reason.ts";
import type { IngressBackend } from "../../model/resource.ts";
import type { Backend } from "../../model/route.ts";
import { upstreamNameOf } from "../../request/variables/readers.ts";
import { backendOf } from "../route.ts";
import type { SettledIngress } from "./servers.ts";
import type { World } from "./world.ts";

/** One of the controller's upstreams while its configuration is put together. */
export interface UpstreamDraft {
  readonly name: string;
  readonly backend: Backend;
  /** The oldest Ingress that names it: its annotations count, whichever path is asked for. */
  readonly owner: SettledIngress;
  /** It stands behind a canary: no path of its own is served. */
  readonly noServer: boolean;
  readonly endpoints: Balancing["endpoints"];
  affinity: Affinity | undefined;
  /** What its sessions come from. */
  why: readonly Reason[];
  /** Canaries of its paths, the first of which counts, each by the name of its upstream. */
  readonly alternatives: Map<UpstreamDraft, AlternativeDraft>;
  removed: string | undefined;
}

/** A canary, merged into an upstream. */
export interface AlternativeDraft {
  readonly draft: UpstreamDraft;
  readonly owner: SettledIngress;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: "Exact" | "Prefix" };
}

/** Upstreams by name. */
export type UpstreamDrafts = ReadonlyMap<string, UpstreamDraft>;

/**
 * The upstreams of a list of Ingresses, oldest first: a Service port has the settings of the Ingress that names it first,
 * but one named as a default backend those of the last that does so.
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

/** A headless Service has no address, and an ExternalName none of its own: both are resolved to endpoints after all. */
function hasAddress({ namespace, service }: Backend, world: World): boolean {
  const known = world.services.get(`${namespace}/${service}`);
  return known !== undefined && known.type !== "ExternalName" && known.clusterIP !== "None";
}

/** The upstream that a path or a default backend leads to. */
export function upstreamOf(
  drafts: UpstreamDrafts,
  { ingress }: SettledIngress,
  written: IngressBackend | undefined,
): UpstreamDraft | undefined {
  const backend = backendOf(ingress, written);
  return backend && drafts.get(upstreamNameOf(backend));
}

/** `undefined` where requests simply take turns. */
export function balancingOf(draft: UpstreamDraft): Balancing | undefined {
  const { name, endpoints, affinity, removed, owner } = draft;
  const { hash, why } = owner.settings.balancing;
  const sentences = [...why, ...draft.why];
  if (endpoints === "pods" && affinity === undefined && hash === undefined && removed === undefined)
    return sentences.length === 0 ? undefined : { upstream: name, endpoints, why: sentences };
  return { upstream: name, endpoints, hash, affinity, removed, why: sentences };
}
