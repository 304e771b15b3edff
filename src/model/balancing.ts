import type { Reason } from "./reason.ts";
import type { VariableText } from "./variable-text.ts";

/**
 * How requests are shared out among the endpoints of one Service port. It belongs to the controller's upstream, not to a
 * path: every Ingress that names the port shares it, whichever says so (controller.go, createUpstreams).
 */
export interface Balancing {
  /** The controller's name for the upstream: `default-web-80`. */
  readonly upstream: string;
  /** `service-upstream`: one endpoint, the Service's own address, which shares connections out among the pods. */
  readonly endpoints: "pods" | "service";
  readonly hash?: HashBy | undefined;
  readonly affinity?: Affinity | undefined;
  /** Why the controller has taken the upstream out of its configuration, where it has: its paths answer 503. */
  readonly removed?: string | undefined;
  /** What the annotations above do. */
  readonly why: readonly Reason[];
}

/** `upstream-hash-by`: equal keys, one endpoint. */
export interface HashBy {
  readonly text: VariableText;
  /** `upstream-hash-by-subset-size`: so many endpoints a key, one of them by chance. */
  readonly subsetSize?: number | undefined;
}

/** `affinity: cookie`. */
export interface Affinity {
  readonly cookie: string;
  /** `persistent`: the cookie names its endpoint; `balanced`: a place on the ring of all. */
  readonly mode: "balanced" | "persistent";
  /** What the cookie ends in: which upstream it is for. */
  readonly backendKey: string;
  /** Attributes of the cookie; without a `path` it is the location's. */
  readonly path?: string | undefined;
  readonly domain?: string | undefined;
  readonly sameSite?: "Strict" | "Lax" | "None" | undefined;
  readonly conditionalSameSiteNone: boolean;
  /** `false`: only over https. */
  readonly secure: boolean;
  /** Seconds from now. */
  readonly expires?: number | undefined;
  /** Seconds. */
  readonly maxAge?: number | undefined;
  readonly changeOnFailure: boolean;
  /** Paths by host at which the cookie is set; everywhere else it is only read. */
  readonly locations: ReadonlyMap<string, readonly string[]>;
}
