import type { ForwardDecision, Ports, Scheme } from "../../model/decision.ts";
import type { Backend } from "../../model/route.ts";
import type { Resolve } from "../../model/upstream.ts";
import type { Http2Sessions } from "../connect/http2-sessions.ts";
import type { Pools } from "../connect/pool.ts";
import type { Answering } from "../exchange/answering.ts";
import type { Exchange } from "../exchange/exchange.ts";

/** Choice of upstreams, and connections to them. */
export interface UpstreamAccess {
  readonly resolve: Resolve;
  readonly pools: Pools;
  readonly http2: Http2Sessions;
}

/** Needed to carry requests to their upstreams and back. */
export interface Carrying extends Answering, UpstreamAccess {
  /** The listeners'; 0 while they open. */
  readonly ports: () => Ports;
  /** `X-Forwarded-Port`: the client's port, or with `--exact` the cluster's. */
  readonly clientPort: (scheme: Scheme) => string;
  /** Names of pods that get no requests now. */
  readonly sick: (backend: Backend) => readonly string[];
  /** `Date.now()`, ms. */
  readonly now: () => number;
  /** `performance.now()`, ms. */
  readonly clock: () => number;
  /** Sends a request to the path of an `X-Accel-Redirect`. */
  readonly inside: (
    exchange: Exchange,
    from: ForwardDecision,
    value: string,
    raw: readonly (Buffer | string)[],
  ) => void;
  /** How a redirect of a backend is followed. `undefined`: the client gets it */
  readonly followed: (
    exchange: Exchange,
    from: ForwardDecision,
    answer: { readonly status: number; readonly location: string | undefined },
  ) => (() => void) | undefined;
}
