import type { ClientOptions } from "../../model/client-options.ts";
import type { Decision, HeaderLine, MadeBy, Ports, RequestFacts } from "../../model/decision.ts";
import type { AnswerCause, Plane } from "../../model/plane.ts";
import type { Reason } from "../../model/reason.ts";
import type { Resolve } from "../../model/upstream.ts";
import type { Forward } from "../carry/backend-request.ts";
import type { Http2Sessions } from "../connect/http2-sessions.ts";
import type { Pools } from "../connect/pool.ts";
import type { AuthCache } from "../decide/guards/auth-cache.ts";
import type { Nonces } from "../decide/guards/nonces.ts";
import type { Zones } from "../decide/guards/zones.ts";
import type { Bcrypt } from "../decide/passwords/bcrypt.ts";
import type { PasswordCheck } from "../decide/passwords/check.ts";
import type { ProxyLimits } from "../limits.ts";
import type { ClientConnections } from "./client-connections.ts";
import type { Exchange, Told } from "./exchange.ts";

/** An answer of the proxy's own. */
export interface Answer {
  readonly status: number;
  readonly why: readonly Reason[];
  readonly location?: string | undefined;
  /** default: by the status */
  readonly cause?: AnswerCause | undefined;
  /** Replaces the plane's body for the status. */
  readonly text?: string | undefined;
  readonly headers?: readonly HeaderLine[] | undefined;
  /** default: the location */
  readonly madeBy?: MadeBy | undefined;
}

/** Parts of a running proxy that every step needs. */
export interface ProxyContext {
  readonly decide: (facts: RequestFacts) => Decision;
  readonly resolve: Resolve;
  readonly noEndpoints: RequestFacts["noEndpoints"];
  readonly limits: ProxyLimits;
  readonly exact: boolean;
  /** Reading and answering now; taken once per connection or request. */
  readonly plane: () => Plane;
  /** For new https connections. */
  readonly http2Offer: () => "on" | "off";
  /** Client settings now (the controller's ConfigMap); taken once per connection or request. */
  readonly client: () => ClientOptions;
  /** The listeners'; 0 while they open. */
  ports: Ports;
  /** `X-Forwarded-Port` by scheme. */
  forwardedPorts: { readonly http: string; readonly https: string };
  readonly connections: ClientConnections;
  readonly pools: Pools;
  readonly http2: Http2Sessions;
  /** Counts for limits. */
  readonly zones: Zones;
  readonly passwords: PasswordCheck;
  /** For digest authentication. */
  readonly nonces: Nonces;
  /** Answers of authentication services. */
  readonly authCache: AuthCache;
  /** Used by `passwords`. */
  readonly bcrypt: Bcrypt;
  readonly requestId: () => string;
  /** `Date.now()`, ms. */
  readonly now: () => number;
  /** `performance.now()`, ms. */
  readonly clock: () => number;
  /** Answers with an own page, or with its replacement (`custom-http-errors`). */
  readonly answer: (exchange: Exchange, answer: Answer) => void;
  /** Receives bugs of ours, each of which ended one request or connection. */
  readonly onFault: (fault: unknown) => void;
  /** Sends a request to the path of an `X-Accel-Redirect`. */
  readonly inside: (
    exchange: Exchange,
    from: Forward,
    value: string,
    raw: readonly (Buffer | string)[],
  ) => void;
  /** Reports the end of a request; once each. */
  readonly tell: (told: Told) => void;
}
