import type { Guard } from "./guard.ts";
import type { HeadRefusal } from "./head-refusal.ts";
import type { AnswerCause, ReadHeaders } from "./plane.ts";
import type { Reason } from "./reason.ts";
import type { Mirror, ResponseRewrites } from "./rewrites.ts";
import type { Backend, Route } from "./route.ts";
import type { ClientTls } from "./tls.ts";
import type { BackendProtocol } from "./transport.ts";

/** Which protocol a request came by. */
export type Scheme = "http" | "https";

/** The ports that the two listeners really have, for redirects from one to the other. */
export interface Ports {
  readonly http: number;
  readonly https: number;
}

/** From the PROXY line of a connection: whose it is, and which port it was for. */
export interface Proxied {
  readonly address: string;
  readonly port: string;
}

/** A path inside nginx that a request goes on to, decoded; the client is not told (`X-Accel-Redirect`). */
interface InnerRequest {
  readonly path: string;
  readonly query: string;
  /** The answer that sent it there. */
  readonly why?: readonly Reason[] | undefined;
  /** It has been counted for a limit already. */
  readonly counted?: boolean | undefined;
}

/** What is known of a request before it is decided on. Nothing here is decoded or lower-cased. */
export interface RequestFacts {
  readonly scheme: Scheme;
  readonly method: string;
  /** The `Host` header (or `:authority`) as sent, `""` where there is none. */
  readonly host: string;
  /** The host of a target in absolute form: it chooses the server, beside whatever `Host` says (nginx's `$host`). */
  readonly authority?: string | undefined;
  /** The request target in origin form, raw: `/a%2Fb?c`; as it came where it has no path. One char a byte. */
  readonly target: string;
  /** `target` stays what the client has sent. */
  readonly inner?: InnerRequest | undefined;
  /** default: `1.1` */
  readonly version?: string | undefined;
  /** `:authority` of HTTP/2. */
  readonly pseudoAuthority?: string | undefined;
  /** default: nothing is wrong with the header lines */
  readonly head?: ReadHeaders | undefined;
  /** Found while the head was read. */
  readonly refusal?: HeadRefusal | undefined;
  /** `Content-Length`. unit: bytes; default: 0 */
  readonly bodySize?: number | undefined;
  readonly ports: Ports;
  /** `--exact`: what the cluster would send, so no local ports in redirects. */
  readonly exact: boolean;
  /** A header of the request by its name in lower case, several joined as RFC 9110 section 5.3 has it. */
  readonly header: (name: string) => string | undefined;
  /** What is known of the client by TLS; absent without TLS. */
  readonly tls?: ClientTls | undefined;
  /** The client's address: `127.0.0.1`, `::1`; or the one that its headers are believed (`use-forwarded-headers`). */
  readonly remoteAddress: string;
  /** From the PROXY line of a load balancer in front (`use-proxy-protocol`). */
  readonly proxied?: Proxied | undefined;
  /** The address at the other end of the connection, where `remoteAddress` is one that was believed. */
  readonly connectedFrom?: string | undefined;
  /** What a client that is believed says it asked for (`X-Forwarded-Proto`, `-Host`, `-Port`). */
  readonly claims?:
    | {
        readonly scheme: string | undefined;
        readonly host: string | undefined;
        readonly port: string | undefined;
      }
    | undefined;
  /** At least 0 and less than 1, new for each request: what is left to chance (`canary-weight`) is decided by it. */
  readonly chance: number;
  /** Why a Backend has no endpoints at this moment; `undefined` where it has some. */
  readonly noEndpoints: (backend: Backend, protocol: BackendProtocol) => string | undefined;
}

/** A header as it is sent: its name in the letters it is sent in, and its value, one char a byte. */
export type HeaderLine = readonly [name: string, value: string];

/** Header lines that stand beside others, whatever their names. */
interface BesideLines {
  readonly before?: readonly HeaderLine[] | undefined;
  readonly behind?: readonly HeaderLine[] | undefined;
}

interface Reasoned {
  /** The route the request ended at; absent where it did not get that far (400). */
  readonly route?: Route | undefined;
  /** Other routes that production might have drawn. default: none */
  readonly oneOf?: readonly Route[] | undefined;
  /** Most important first. */
  readonly why: readonly Reason[];
  /**
   * Set on the response, whoever made it, in place of what it has under the same names (`more_set_headers`). An empty
   * value takes a header away.
   */
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  /** The client's address, where it is not that of the connection: the one that its headers are believed. */
  readonly remoteAddress?: string | undefined;
  /** Asked in this order before the decision is carried out: the first that refuses ends the request. */
  readonly guards?: readonly Guard[] | undefined;
}

/**
 * The maker of a status: nginx at the location, or the backend. `head`: nginx, before it looks for a server. `arrival`:
 * nginx on its way to the location, for a body that announces that it is too large (ngx_http_core_find_config_phase),
 * when nothing that the location sets is there yet.
 */
export type MadeBy = "head" | "arrival" | "location" | "backend";

/** A request that is sent to a backend. */
export interface ForwardDecision extends Reasoned {
  readonly kind: "forward";
  readonly route: Route;
  /** The one that is asked: the route's own, or an alternative to it. */
  readonly backend: Backend;
  /** What decides which of its endpoints answers; absent where they take turns. */
  readonly choice?: Choice | undefined;
  /** Path and query as the backend is asked for them, one char a byte. */
  readonly upstreamPath: string;
  /**
   * Set on the request to the backend, in place of what the proxy would send under the same names
   * (`proxy_set_header`). An empty value leaves a header out.
   */
  readonly requestHeaders?: readonly HeaderLine[] | undefined;
  /**
   * Set as well, whatever the proxy would send under the same names: nginx sends both lines. `before` its own
   * (`auth-response-headers`), or `behind` them (`proxy-set-headers`).
   */
  readonly besides?: BesideLines | undefined;
  /**
   * The error that the answer stands in for (`custom-http-errors`). Of what the proxy sets itself its backend gets
   * `Host`, `X-Request-ID` and `X-Forwarded-For` alone.
   */
  readonly errorPage?: number | undefined;
  /** A copy of the request, to be sent as well. */
  readonly mirror?: Mirror | undefined;
  /** The method that the backend is asked by, its body with it, where that is not the request's own. */
  readonly method?: "GET" | undefined;
  /** What a FastCGI application is told beside the client's headers (`fastcgi_param`). */
  readonly params?: readonly HeaderLine[] | undefined;
  /** A `Server` of the backend's takes the place of nginx's (`allow-backend-server-header`). */
  readonly backendServer?: "passed" | undefined;
  /** Done to the headers of the backend's response. */
  readonly responseRewrites?: ResponseRewrites | undefined;
}

/** A redirect that is answered here. */
interface RedirectDecision extends Reasoned {
  /** Sent beside all others: a challenge. */
  readonly headers?: readonly HeaderLine[] | undefined;
  readonly kind: "redirect";
  readonly status: number;
  readonly location: string;
  /** The `Location` in the cluster, where it differs. */
  readonly production?: string | undefined;
}

/** A status that is answered here. */
export interface RespondDecision extends Reasoned {
  /** Sent beside all others: a challenge. */
  readonly headers?: readonly HeaderLine[] | undefined;
  /** default: `location` */
  readonly madeBy?: MadeBy | undefined;
  readonly kind: "respond";
  readonly status: number;
  /** default: the status says it */
  readonly cause?: AnswerCause | undefined;
  /** Sent in place of a page. */
  readonly text?: string | undefined;
}

/**
 * Where one request goes, and why.
 *
 * `match` returns one for every request and never throws. The proxy carries it out, the dashboard shows it and
 * `ingress-dev explain` prints it, so the three cannot disagree.
 */
export type Decision = ForwardDecision | RedirectDecision | RespondDecision;

/** How one endpoint of a backend is chosen for a request. */
export type Choice =
  /** Equal keys, one endpoint; with a `subsetSize` one of so many, by chance. */
  | { readonly kind: "hash"; readonly key: string; readonly subsetSize?: number | undefined }
  | {
      readonly kind: "session";
      /** What the client's cookie says of the endpoint; absent where it has none. */
      readonly sent: string | undefined;
      readonly mode: "balanced" | "persistent";
      /** The controller's name for the upstream, which its keys are salted with. */
      readonly upstream: string;
      /** Whether another endpoint may take the session over when its own has failed. */
      readonly changeOnFailure: boolean;
      /** The cookie for a new session; absent where none is set. */
      readonly cookie?: SessionCookie | undefined;
    };

/** A `Set-Cookie` but for the key of the session, which stands behind `name=`, and the date that it expires at. */
export interface SessionCookie {
  readonly name: string;
  /** Behind the key: `|<backend key>`. */
  readonly suffix: string;
  /** Seconds from now; absent for no `Expires`. */
  readonly expires?: number | undefined;
  /** Behind these: `; Max-Age=600; Path=/; HttpOnly`. */
  readonly attributes: string;
}

/** A route that the request did not take, and why not. */
export interface Rejection {
  /** `default/basic`. */
  readonly ingress: string;
  readonly rule: { readonly host: string; readonly path: string; readonly pathType: string };
  readonly why: Reason;
}
