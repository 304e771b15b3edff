import type { Pattern } from "./pattern.ts";
import type { Reason } from "./reason.ts";
import type { Backend, RouteRule } from "./route.ts";

/** The end of a route: what becomes of a request that its steps let through. */
export type Action = ForwardAction | RespondAction;

/** The request goes to one of the shares. */
export interface ForwardAction {
  readonly kind: "forward";
  /** The first is the Service port that the rule names. */
  readonly shares: readonly [Share, ...Share[]];
  /** Asked before chance. default: chance alone, by weight. */
  readonly choose?: ShareRule | undefined;
  /** Answers while the first share has no endpoints. default: 503 */
  readonly standIn?: StandIn | undefined;
}

/** The controller itself answers. */
export interface RespondAction {
  readonly kind: "respond";
  readonly status: number;
  /** Said in front of the route's own reasons. */
  readonly why: readonly Reason[];
}

/** A Service port among those that share the requests of a route. */
export interface Share {
  readonly backend: Backend;
  /** Part of the sum of all weights. */
  readonly weight: number;
  /** The canary's path that it is from. default: the route's own rule. */
  readonly from?: { readonly ingress: string; readonly rule: Omit<RouteRule, "regex"> } | undefined;
}

/**
 * `canary-by-header` and the rest of them: which requests the second share gets or is denied, whatever the weights
 * (balancer.lua, route_to_alternative_balancer).
 */
export interface ShareRule {
  readonly kind: "canary";
  /** Name of a header. `""`: none */
  readonly header: string;
  /** `canary-by-header-value`: the canary gets requests with this value. `""`: none */
  readonly value: string;
  /** `canary-by-header-pattern`; `broken` if it is no expression. */
  readonly pattern?: Pattern | "broken" | undefined;
  /** Name of a cookie. `""`: none */
  readonly cookie: string;
}

/** Answers for a Service without endpoints. */
export type StandIn =
  /** `default-backend`, while it has endpoints itself. */
  | {
      readonly kind: "backend";
      readonly backend: Backend;
      /** The Ingress whose annotation it is, for `X-Namespace` and `X-Ingress-Name`. */
      readonly ingress?: { readonly namespace: string; readonly name: string } | undefined;
    }
  | RespondAction;
