import type { Action, ForwardAction, Share } from "../../model/action.ts";
import type { Backend, Route } from "../../model/route.ts";
import type { RouteSettings } from "../../model/settings.ts";
import { upstreamNameOf } from "../../request/variables/readers.ts";
import { LOOKED_FOR_PAGE } from "../../step/error-pages.ts";
import { balancingOf, type UpstreamDraft, type UpstreamDrafts } from "./upstream-drafts.ts";

/** Actions of one table, each made once: all paths with one Service port have the same. */
export type ForwardActions = Map<UpstreamDraft, ForwardAction>;

/** The action of a route: its Service port, whoever stands in for it, or the controller's own answer. */
export function actionOf(
  { backend, ingress }: Pick<Route, "backend" | "ingress">,
  settings: RouteSettings,
  drafts: UpstreamDrafts,
  known: ForwardActions,
): Action {
  if (backend === undefined) return ownAnswer(settings);
  const action = forwardTo(backend, drafts, known);
  // The controller's own default backend is none while its Service has no endpoints (controller.go, getDefaultUpstream).
  if (ingress === undefined) return { ...action, standIn: ownAnswer(settings) };
  const { errors } = settings;
  if (errors?.defaultBackend === undefined) return action;
  return { ...action, standIn: { kind: "backend", backend: errors.defaultBackend, ingress: errors.ingress } };
}

function forwardTo(backend: Backend, drafts: UpstreamDrafts, known: ForwardActions): ForwardAction {
  const draft = drafts.get(upstreamNameOf(backend));
  if (draft === undefined) return { kind: "forward", shares: [{ backend, weight: 1 }] };
  const found = known.get(draft);
  if (found !== undefined) return found;
  const made = shareOut(draft);
  known.set(draft, made);
  return made;
}

/** balancer.lua asks the first canary of an upstream, unless the controller has deleted it. */
function shareOut(draft: UpstreamDraft): ForwardAction {
  const [first] = draft.alternatives.values();
  if (first === undefined || first.draft.removed !== undefined)
    return { kind: "forward", shares: [shareOf(draft, 1)] };
  const { draft: canary, owner, rule } = first;
  const rules = canary.noServer ? canary.owner.settings.canary : undefined;
  // An ordinary path has made the canary's upstream first: its zero values let nothing through.
  const { weight, weightTotal, ...choose } = rules ?? NO_RULES;
  const { namespace, name } = owner.ingress.metadata;
  const from = { ingress: `${namespace}/${name}`, rule };
  const main = shareOf(draft, Math.max(LEAST_TOTAL, weightTotal) - weight);
  return {
    kind: "forward",
    shares: [main, { ...shareOf(canary, weight), from }],
    choose: { kind: "canary", ...choose },
  };
}

/** balancer.lua counts a lower `canary-weight-total` as this. */
const LEAST_TOTAL = 100;
const NO_RULES = { header: "", value: "", cookie: "", weight: 0, weightTotal: 0 };

function shareOf(draft: UpstreamDraft, weight: number): Share {
  const balancing = balancingOf(draft);
  return { backend: balancing === undefined ? draft.backend : { ...draft.backend, balancing }, weight };
}

/** nginx in the place of a default backend (nginx.tmpl, "backend for when default-backend-service …"). */
function ownAnswer({ errors }: RouteSettings): Extract<Action, { kind: "respond" }> {
  return errors?.own.status === 500 ? NO_PAGE : NOT_FOUND;
}

const NOT_FOUND = { kind: "respond", status: 404, why: [] } as const;
const NO_PAGE = { kind: "respond", status: 500, why: LOOKED_FOR_PAGE } as const;
