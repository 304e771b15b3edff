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
  /** Only for a redirect. */
  readonly location?: string | undefined;
  /** default: the status says it */
  readonly cause?: AnswerCause | undefined;
  /** Sent in place of the plane's body for the status. */
  readonly text?: string | undefined;
  /** What else goes with it. */
  readonly headers?: readonly HeaderLine[] | undefined;
  /** Whom it is from, where that is not the location. */
  readonly madeBy?: MadeBy | undefined;
}

/** What every part of a running proxy works with. */
export interface ProxyContext {
  readonly decide: (facts: RequestFacts) => Decision;
  readonly resolve: Resolve;
  readonly noEndpoints: RequestFacts["noEndpoints"];
  readonly limits: ProxyLimits;
  readonly exact: boolean;
  /** How requests are read and answered now. Asked once for each connection or request. */
  readonly plane: () => Plane;
  /** Whether a new https connection is offered HTTP/2. */
  readonly http2Offer: () => "on" | "off";
  /** How clients are spoken to now (the controller's ConfigMap). Asked once for each connection or request. */
  readonly client: () => ClientOptions;
  /** Of the listeners; 0 while these are being opened. */
  ports: Ports;
  /** `X-Forwarded-Port`, by scheme. */
  forwardedPorts: { readonly http: string; readonly https: string };
  readonly connections: ClientConnections;
  readonly pools: Pools;
  readonly http2: Http2Sessions;
  /** What is counted for limits. */
  readonly zones: Zones;
  readonly passwords: PasswordCheck;
  /** What digests are made with. */
  readonly nonces: Nonces;
  /** What authentication services have said. */
  readonly authCache: AuthCache;
  /** Works for `passwords`. */
  readonly bcrypt: Bcrypt;
  readonly requestId: () => string;
  /** `Date.now()`, ms. */
  readonly now: () => number;
  /** `performance.now()`, ms. */
  readonly clock: () => number;
  /** Answers with one of nginx's own pages, or with what stands in for it (`custom-http-errors`). */
  readonly answer: (exchange: Exchange, answer: Answer) => void;
  /** Told of what was thrown that should not have been: a mistake of ours, which ended one request or connection. */
  readonly onFault: (fault: unknown) => void;
  /** Sends a request on to the path that a backend's answer names in `X-Accel-Redirect`. */
  readonly inside: (
    exchange: Exchange,
    from: Forward,
    value: string,
    raw: readonly (Buffer | string)[],
  ) => void;
  /** Tells of the end of a request; once for each. */
  readonly tell: (told: Told) => void;
}
