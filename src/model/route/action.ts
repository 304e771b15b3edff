import type { Step } from "../../step/step.ts";
import type { StatusRange } from "../../step/traefik/errors.ts";
import type { Pattern } from "../pattern.ts";
import type { Reason } from "../reason.ts";
import type { Backend, RouteRule } from "../route.ts";
import type { ServerCookie } from "./server-cookie.ts";
import type { Transport } from "./transport.ts";

/** A route's end, after its steps. */
export type Action = ForwardAction | RespondAction;

export interface ForwardAction {
  readonly kind: "forward";
  /** The first is the rule's Service port. */
  readonly shares: readonly [Share, ...Share[]];
  /** Decides before chance. default: chance by weight */
  readonly choose?: ShareRule | undefined;
  /** `turns`: requests go round the shares by weight. default: each draws by weight */
  readonly sharing?: "turns" | undefined;
  /** Answers while the first share, or a drawn one, has no endpoints. default: 503 */
  readonly standIn?: StandIn | undefined;
}

/** The controller answers. */
export interface RespondAction {
  readonly kind: "respond";
  readonly status: number;
  /** Replaces the plane's page. */
  readonly text?: string | undefined;
  /** Before the route's own reasons. */
  readonly why: readonly Reason[];
}

/** A Service port with its part of a route's requests. */
export interface Share {
  readonly backend: Backend;
  /** Relative to the sum of weights. */
  readonly weight: number;
  /** Cookies that keep a client at it, from the outermost service on. default: none */
  readonly sessions?: readonly ShareSession[] | undefined;
  /** Asked once more in place of these statuses. default: they stand */
  readonly fallback?: Fallback | undefined;
  /** Answers this share's requests in place of its backend. */
  readonly unusable?: RespondAction | undefined;
  /** Of its requests alone, after the route's. default: none */
  readonly steps?: readonly Step[] | undefined;
  /** default: the route's */
  readonly transport?: Transport | undefined;
  /** The canary's path. default: the route's rule */
  readonly from?: { readonly ingress: string; readonly rule: Omit<RouteRule, "regex"> } | undefined;
}

/** The value that names a share in the cookie of a service around it. */
export interface ShareSession {
  readonly cookie: ServerCookie;
  readonly key: string;
}

/** A Service that gets the same request where the first one failed. */
interface Fallback extends Pick<Share, "backend" | "transport"> {
  readonly statuses: readonly StatusRange[];
}

/**
 * `canary-by-header` and similar: requests that the second share always or never gets (balancer.lua,
 * route_to_alternative_balancer).
 */
export interface ShareRule {
  readonly kind: "canary";
  /** `""`: none */
  readonly header: string;
  /** `canary-by-header-value`: this value selects the canary. `""`: none */
  readonly value: string;
  /** `canary-by-header-pattern`; `broken`: no expression */
  readonly pattern?: Pattern | "broken" | undefined;
  /** `""`: none */
  readonly cookie: string;
  /** "drawn": the first share has its part without endpoints too. default: then the second is never asked */
  readonly first?: "drawn" | undefined;
}

/** Answers for a Service without endpoints. */
export type StandIn =
  /** `default-backend`, while it has endpoints. */
  | {
      readonly kind: "backend";
      readonly backend: Backend;
      /** The annotation's Ingress, for `X-Namespace` and `X-Ingress-Name`. */
      readonly ingress?: { readonly namespace: string; readonly name: string } | undefined;
      /** "nothing": it gets the request as the first Service would. default: headers about the error */
      readonly told?: "nothing" | undefined;
    }
  | RespondAction;
