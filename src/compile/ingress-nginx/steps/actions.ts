import type { Action, ForwardAction, Share } from "../../../model/route/action.ts";
import { LOOKED_FOR_PAGE } from "../../../step/error-pages.ts";
import type { Steps } from "../../../steps.ts";
import { type AskAtLength, longQuery } from "../../query.ts";
import type { CanaryShare } from "../annotations/canary.ts";
import type { LocationSettings } from "../locations/location-settings.ts";
import { HAS_CANARY } from "../survey.ts";
import { sessionsOf } from "../upstreams/affinity.ts";
import type { UpstreamPort } from "../upstreams/port.ts";
import {
  balancingOf,
  type CanaryOfUpstream,
  MERGED,
  type NginxUpstream,
  type UpstreamState,
  upstreamOf,
} from "../upstreams/upstream.ts";

/** The way to a Service port, which all its routes share. */
export const FORWARD = longQuery<UpstreamPort, ForwardAction>("way to a Service port", forwardTo, sameWay);

function* forwardTo(port: UpstreamPort, ask: AskAtLength): Steps<ForwardAction> {
  const { backend } = port;
  const upstream = upstreamOf(port.upstream, ask);
  if (upstream === undefined) return { kind: "forward", shares: [{ backend, weight: 1 }] };
  const merged = ask.for(HAS_CANARY) ? ask.for(MERGED, port.upstream) : undefined;
  const state = merged ?? {
    ...(yield* sessionsOf(port.upstream, ask)),
    removed: upstream.removed,
  };
  const canary = merged?.canary;
  const canaryUpstream = canary && upstreamOf(canary.name, ask);
  // balancer.lua asks the first canary of an upstream, unless the controller has deleted it.
  if (canary === undefined || canaryUpstream === undefined || canary.state.removed !== undefined)
    return { kind: "forward", shares: [shareOf({ ...upstream, backend }, state, 1)] };
  return withCanary({ ...upstream, backend }, state, canary, canaryUpstream);
}

/** Most ways do not depend on the Ingress that names a Service port first: it has nothing to say about its balancing. */
function sameWay(before: ForwardAction, now: ForwardAction): boolean {
  return isPlain(before) && isPlain(now) && before.shares[0].backend === now.shares[0].backend;
}

function isPlain({ shares, choose }: ForwardAction): boolean {
  return shares.length === 1 && choose === undefined && shares[0].weight === 1;
}

function withCanary(
  upstream: NginxUpstream,
  state: UpstreamState,
  canary: CanaryOfUpstream,
  canaryUpstream: NginxUpstream,
): ForwardAction {
  const { owner, rule } = canary;
  // If an ordinary path has made the canary's upstream first, its zero values let nothing through.
  const made = canaryUpstream.noServer ? canaryUpstream.owner.settings.canary : undefined;
  const { rule: choose, weight, weightTotal } = made ?? NO_SHARE;
  const { namespace, name } = owner.ingress.metadata;
  const from = { ingress: `${namespace}/${name}`, rule };
  const main = shareOf(upstream, state, Math.max(LEAST_TOTAL, weightTotal) - weight);
  return {
    kind: "forward",
    shares: [main, { ...shareOf(canaryUpstream, canary.state, weight), from }],
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

function shareOf(upstream: NginxUpstream, state: UpstreamState, weight: number): Share {
  const { backend } = upstream;
  const balancing = balancingOf(upstream, state);
  return { backend: balancing === undefined ? backend : { ...backend, balancing }, weight };
}

/** The action of a location that leads to a Service port, and who stands in for it. */
export function withStandIn(action: ForwardAction, { errorPages }: LocationSettings): Action {
  if (errorPages?.defaultBackend === undefined) return action;
  const { defaultBackend, ingress } = errorPages;
  return { ...action, standIn: { kind: "backend", backend: defaultBackend, ingress } };
}

/**
 * The action of a location that no Ingress gives a Service: the controller's own default backend, if it has one. It is
 * none while its Service has no endpoints (controller.go, getDefaultUpstream).
 */
export function ownAction(action: ForwardAction | undefined, { errorPages }: LocationSettings): Action {
  // nginx in its place (nginx.tmpl, "backend for when default-backend-service …").
  const answer = errorPages?.own.status === 500 ? NO_PAGE : NOT_FOUND;
  return action === undefined ? answer : { ...action, standIn: answer };
}

const NOT_FOUND = { kind: "respond", status: 404, why: [] } as const;
const NO_PAGE = { kind: "respond", status: 500, why: LOOKED_FOR_PAGE } as const;
