import type { Guard } from "./guard.ts";
import type { HeadRefusal } from "./head-refusal.ts";
import type { AnswerCause, ReadHeaders } from "./plane.ts";
import type { Reason } from "./reason.ts";
import type { ForwardAction, Share, ShareSession } from "./route/action.ts";
import type { EndpointSession } from "./route/endpoint-session.ts";
import type { Mirror, ResponseRewrites } from "./route/rewrites.ts";
import type { ServerCookie } from "./route/server-cookie.ts";
import type { BackendProtocol } from "./route/transport.ts";
import type { Backend, Route } from "./route.ts";
import type { ClientTls } from "./tls.ts";

export type Scheme = "http" | "https";

/** The listeners' ports, for redirects between them. */
export interface Ports {
  readonly http: number;
  readonly https: number;
}

/** Client and port of a connection's PROXY line. */
export interface Proxied {
  readonly address: string;
  readonly port: string;
}

/** An internal, decoded path; the client does not see it (`X-Accel-Redirect`). */
interface InnerRequest {
  readonly path: string;
  readonly query: string;
  /** The redirecting answer. */
  readonly why?: readonly Reason[] | undefined;
  /** A limit has counted it. */
  readonly counted?: boolean | undefined;
}

/** A request before its decision; nothing is decoded or lower-cased. */
export interface RequestFacts {
  readonly scheme: Scheme;
  readonly method: string;
  /** `Host` (or `:authority`) as sent; `""` for none. */
  readonly host: string;
  /** The host of an absolute target: it selects the server, whatever `Host` says (nginx's `$host`). */
  readonly authority?: string | undefined;
  /** The target in origin form, raw: `/a%2Fb?c`; unchanged if it has no path. One char per byte. */
  readonly target: string;
  /** `target` stays the client's. */
  readonly inner?: InnerRequest | undefined;
  /** default: `1.1` */
  readonly version?: string | undefined;
  /** `:authority` of HTTP/2. */
  readonly pseudoAuthority?: string | undefined;
  /** default: valid header lines */
  readonly head?: ReadHeaders | undefined;
  readonly refusal?: HeadRefusal | undefined;
  /** `Content-Length`. unit: bytes; default: 0 */
  readonly bodySize?: number | undefined;
  readonly ports: Ports;
  /** The name of the entry point that it came by. default: the first of its scheme */
  readonly entryPoint?: string | undefined;
  /** `--exact`: as the cluster, without local ports in redirects. */
  readonly exact: boolean;
  /** A header by lower-case name; repeated ones are joined (RFC 9110 section 5.3). */
  readonly header: (name: string) => string | undefined;
  /** The values of a header's lines by lower-case name. default: the joined one alone */
  readonly lines?: ((name: string) => readonly string[]) | undefined;
  /** Absent without TLS. */
  readonly tls?: ClientTls | undefined;
  /** The client's address, from the connection or trusted headers (`use-forwarded-headers`). */
  readonly remoteAddress: string;
  /** A load balancer's PROXY line (`use-proxy-protocol`). */
  readonly proxied?: Proxied | undefined;
  /** The connection's address, if `remoteAddress` is from headers. */
  readonly connectedFrom?: string | undefined;
  /** Claims of trusted headers (`X-Forwarded-Proto`, `-Host`, `-Port`). */
  readonly claims?:
    | {
        readonly scheme: string | undefined;
        readonly host: string | undefined;
        readonly port: string | undefined;
      }
    | undefined;
  /** At least 0 and less than 1, new per request; decides random choices (`canary-weight`). */
  readonly chance: number;
  /** The share whose turn it is. default: chance draws it */
  readonly nextShare?: ((action: ForwardAction) => Share) | undefined;
  /** Which of the routes that production draws among: 0 is the first. default: 0 */
  readonly drawn?: number | undefined;
  /** The reason why a backend has no endpoints now; `undefined` if it has some. */
  readonly noEndpoints: (backend: Backend, protocol: BackendProtocol) => string | undefined;
}

/** A header as sent; the value has one char per byte. */
export type HeaderLine = readonly [name: string, value: string];

/** Lines beside others, even of equal names. */
interface BesideLines {
  readonly before?: readonly HeaderLine[] | undefined;
  readonly behind?: readonly HeaderLine[] | undefined;
}

interface Reasoned {
  /** Absent for a request without a route (400). */
  readonly route?: Route | undefined;
  /** Other routes that production might have drawn. default: none */
  readonly oneOf?: readonly Route[] | undefined;
  /** Most important first. */
  readonly why: readonly Reason[];
  /** Set on any response in place of equal names (`more_set_headers`). An empty value removes a header. */
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  /** The client's address by trusted headers. default: the connection's */
  readonly remoteAddress?: string | undefined;
  /** Asked in order before the decision is carried out; the first refusal ends the request. */
  readonly guards?: readonly Guard[] | undefined;
}

/**
 * The author of a status: nginx at the location, or the backend. `head`: nginx before the search for a
 * server. `arrival`: nginx on its way to the location, for an announced body that is too large
 * (ngx_http_core_find_config_phase); the location's headers are not set yet.
 */
export type MadeBy = "head" | "arrival" | "location" | "backend";

export interface ForwardDecision extends Reasoned {
  readonly kind: "forward";
  readonly route: Route;
  /** The route's, or a canary's. */
  readonly backend: Backend;
  /** The choice of an endpoint. default: round robin */
  readonly choice?: Choice | undefined;
  /** The backend's path and query; one char per byte. */
  readonly upstreamPath: string;
  /**
   * Set on the backend's request in place of the proxy's own (`proxy_set_header`). An empty value removes a
   * header.
   */
  readonly requestHeaders?: readonly HeaderLine[] | undefined;
  /**
   * Added beside the proxy's own headers, because nginx sends both: `before` them (`auth-response-headers`)
   * or `behind` them (`proxy-set-headers`).
   */
  readonly besides?: BesideLines | undefined;
  /**
   * The error that this answers (`custom-http-errors`). Its backend gets only `Host`, `X-Request-ID` and
   * `X-Forwarded-For` from the proxy.
   */
  readonly errorPage?: number | undefined;
  /** Replaces the backend's status. default: the backend's */
  readonly status?: number | undefined;
  /** A request of its own: without the client's body, and without the challenge of the error that it answers. */
  readonly anew?: true | undefined;
  /** Each gets a copy of the request. default: none */
  readonly mirrors?: readonly Mirror[] | undefined;
  /** The method for the backend. default: the request's */
  readonly method?: "GET" | undefined;
  /** FastCGI parameters beside the client's headers (`fastcgi_param`). */
  readonly params?: readonly HeaderLine[] | undefined;
  /** `allow-backend-server-header`: the backend's `Server` replaces nginx's. */
  readonly backendServer?: "passed" | undefined;
  readonly responseRewrites?: ResponseRewrites | undefined;
}

interface RedirectDecision extends Reasoned {
  /** A challenge, beside all other headers. */
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly kind: "redirect";
  readonly status: number;
  readonly location: string;
  /** The cluster's `Location` if it differs. */
  readonly production?: string | undefined;
  /** Replaces the page. */
  readonly text?: string | undefined;
  /** Sent as it is, in place of a page; its type is among `headers`. */
  readonly body?: Uint8Array | undefined;
}

export interface RespondDecision extends Reasoned {
  /** A challenge, beside all other headers. */
  readonly headers?: readonly HeaderLine[] | undefined;
  /** default: `location` */
  readonly madeBy?: MadeBy | undefined;
  readonly kind: "respond";
  readonly status: number;
  /** default: by the status */
  readonly cause?: AnswerCause | undefined;
  /** Replaces the page. */
  readonly text?: string | undefined;
  /** Sent as it is, in place of a page; its type is among `headers`. */
  readonly body?: Uint8Array | undefined;
}

/**
 * The target of a request, and the reasons. `match` returns one for every request and never throws. The proxy
 * carries it out, the dashboard shows it and `ingress-dev explain` prints it, so they cannot disagree.
 */
export type Decision = ForwardDecision | RedirectDecision | RespondDecision;

/** The choice of a backend's endpoint. */
export type Choice =
  /** Equal keys share an endpoint; with `subsetSize` one of that many is drawn. */
  | { readonly kind: "hash"; readonly key: string; readonly subsetSize?: number | undefined }
  | {
      readonly kind: "session";
      /** The endpoint in the client's cookie. default: none */
      readonly sent: string | undefined;
      readonly mode: "balanced" | "persistent";
      /** The controller's name for the upstream; its keys are salted with it. */
      readonly upstream: string;
      /** Another endpoint may take over a failed one's session. */
      readonly changeOnFailure: boolean;
      /** For a new session. default: not set */
      readonly cookie?: SessionCookie | undefined;
    }
  /** The endpoint whose key is among the client's cookies of that name, else the next, with a cookie. */
  | {
      readonly kind: "server-cookie";
      readonly sent: readonly string[];
      /** default: endpoints in turn */
      readonly cookie?: ServerCookie | undefined;
      /** Set besides, and before: these name the share of the backend. */
      readonly ofShare?: readonly ShareSession[] | undefined;
    }
  /** The endpoint whose address the client sent, in base64, else the next. */
  | {
      readonly kind: "endpoint-session";
      readonly sent: string | undefined;
      readonly session: EndpointSession;
    };

/** A `Set-Cookie` without the session's key (after `name=`) and the expiry. */
export interface SessionCookie {
  readonly name: string;
  /** After the key: `|<backend key>`. */
  readonly suffix: string;
  /** unit: s. default: no `Expires` */
  readonly expires?: number | undefined;
  /** After these: `; Max-Age=600; Path=/; HttpOnly`. */
  readonly attributes: string;
}

/** A route that the request did not take. */
export interface Rejection {
  /** `default/basic` */
  readonly ingress: string;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: string };
  readonly why: Reason;
}
