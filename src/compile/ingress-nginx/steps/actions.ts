import type { Action, ForwardAction, Share } from "../../../model/route/action.ts";
import type { Backend } from "../../../model/route.ts";
import { upstreamNameOf } from "../../../request/variables/readers.ts";
import { LOOKED_FOR_PAGE } from "../../../step/error-pages.ts";
import type { CanaryShare } from "../annotations/canary.ts";
import type { SharedParts } from "../locations/location-routes.ts";
import type { LocationSettings } from "../locations/location-settings.ts";
import { balancingOf, type UpstreamDraft } from "../upstreams/upstream-drafts.ts";

/** Actions of one table by Service port, each made once. */
export type ForwardActions = Map<string, ForwardAction>;

type Sources = Pick<SharedParts, "upstreams" | "actions">;

/** The action of a location that leads to a Service port, and who stands in for it. */
export function actionOf(backend: Backend, { errorPages }: LocationSettings, sources: Sources): Action {
  const action = forwardTo(backend, sources);
  if (errorPages?.defaultBackend === undefined) return action;
  const { defaultBackend, ingress } = errorPages;
  return { ...action, standIn: { kind: "backend", backend: defaultBackend, ingress } };
}

/**
 * The action of a location that no Ingress gives a Service: the controller's own default backend. It is none while its
 * Service has no endpoints (controller.go, getDefaultUpstream).
 */
export function ownAction(
  backend: Backend | undefined,
  { errorPages }: LocationSettings,
  sources: Sources,
): Action {
  // nginx in its place (nginx.tmpl, "backend for when default-backend-service …").
  const answer = errorPages?.own.status === 500 ? NO_PAGE : NOT_FOUND;
  return backend === undefined ? answer : { ...forwardTo(backend, sources), standIn: answer };
}

function forwardTo(backend: Backend, { upstreams, actions }: Sources): ForwardAction {
  const name = upstreamNameOf(backend);
  // Two Service ports may have one name: `a-b` with `c`, and `a` with `b-c`.
  const key = `${backend.namespace} ${name}`;
  const known = actions.get(key);
  if (known !== undefined) return known;
  const made = shareOut(backend, upstreams.get(name));
  actions.set(key, made);
  return made;
}

/** balancer.lua asks the first canary of an upstream, unless the controller has deleted it. */
function shareOut(backend: Backend, draft: UpstreamDraft | undefined): ForwardAction {
  if (draft === undefined) return { kind: "forward", shares: [{ backend, weight: 1 }] };
  const [first] = draft.alternatives.values();
  if (first === undefined || first.draft.removed !== undefined)
    return { kind: "forward", shares: [shareOf(backend, draft, 1)] };
  const { draft: canary, owner, rule } = first;
  // If an ordinary path has made the canary's upstream first, its zero values let nothing through.
  const made = canary.noServer ? canary.owner.settings.canary : undefined;
  const { rule: choose, weight, weightTotal } = made ?? NO_SHARE;
  const { namespace, name } = owner.ingress.metadata;
  const from = { ingress: `${namespace}/${name}`, rule };
  const main = shareOf(backend, draft, Math.max(LEAST_TOTAL, weightTotal) - weight);
  return {
    kind: "forward",
    shares: [main, { ...shareOf(canary.backend, canary, weight), from }],
    choose,
  };
}

/** balancer.lua counts a lower `canary-weight-total` as this. */
const LEAST_TOTAL = 100;
const NO_SHARE: CanaryShare = {
  rule: { kind: "canary", header: "", value: "", cookie: "" },
  weight: 0,
  weightTotal: 0,
};

function shareOf(backend: Backend, draft: UpstreamDraft, weight: number): Share {
  const balancing = balancingOf(draft);
  return { backend: balancing === undefined ? backend : { ...backend, balancing }, weight };
}

const NOT_FOUND = { kind: "respond", status: 404, why: [] } as const;
const NO_PAGE = { kind: "respond", status: 500, why: LOOKED_FOR_PAGE } as const;
