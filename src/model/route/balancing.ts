import type { Reason } from "../reason.ts";
import type { EndpointSession } from "./endpoint-session.ts";
import type { ServerCookie } from "./server-cookie.ts";
import type { VariableText } from "./variable-text.ts";

/**
 * Load balancing among a Service port's endpoints. It belongs to the controller's upstream: all Ingresses
 * that name the port share it (controller.go, createUpstreams).
 */
export interface Balancing {
  /** `default-web-80` */
  readonly upstream: string;
  /** `service-upstream`: the Service's address is the only endpoint, and balances itself. */
  readonly endpoints: "pods" | "service";
  readonly hash?: HashBy | undefined;
  readonly affinity?: Affinity | undefined;
  /** Traefik's. */
  readonly sticky?: ServerCookie | undefined;
  /** Envoy's. */
  readonly session?: EndpointSession | undefined;
  /** The reason why the controller removed the upstream: its paths answer 503. */
  readonly removed?: string | undefined;
  readonly why: readonly Reason[];
}

/** `upstream-hash-by`: equal keys share an endpoint. */
export interface HashBy {
  readonly text: VariableText;
  /** `upstream-hash-by-subset-size`: endpoints per key; one is drawn. */
  readonly subsetSize?: number | undefined;
}

/** `affinity: cookie`. */
export interface Affinity {
  readonly cookie: string;
  /** `persistent`: the cookie names its endpoint; `balanced`: a place on the ring. */
  readonly mode: "balanced" | "persistent";
  /** The cookie's suffix, which identifies its upstream. */
  readonly backendKey: string;
  /** default: the location's */
  readonly path?: string | undefined;
  readonly domain?: string | undefined;
  readonly sameSite?: "Strict" | "Lax" | "None" | undefined;
  readonly conditionalSameSiteNone: boolean;
  /** `false`: only over https */
  readonly secure: boolean;
  /** unit: s */
  readonly expires?: number | undefined;
  /** unit: s */
  readonly maxAge?: number | undefined;
  readonly changeOnFailure: boolean;
  /** Paths by host that set the cookie; others only read it. */
  readonly locations: ReadonlyMap<string, readonly string[]>;
}
