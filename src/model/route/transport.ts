import type { RouteCompression } from "../client-options/compression.ts";

/** `backend-protocol`. `AUTO_HTTP`: the client's scheme. */
export type BackendProtocol = "HTTP" | "HTTPS" | "AUTO_HTTP" | "GRPC" | "GRPCS" | "FCGI";

/** The way of requests to the backend and back. The proxy reads nothing else of a route. */
export interface Transport {
  readonly protocol: BackendProtocol;
  /** TLS to the pods. default: no certificate sent, none verified */
  readonly tls?: UpstreamTls | undefined;
  /** The `Host` header: the client's, or the endpoint's address (`passHostHeader: false`). default: `client` */
  readonly host?: "client" | "endpoint" | undefined;
  /** Body limit. 0: none. unit: bytes */
  readonly bodyLimit: number;
  readonly connectTimeoutMs: number;
  /** Longest pause between two reads of the response. */
  readonly readTimeoutMs: number;
  /** Longest pause between two writes of the request. */
  readonly sendTimeoutMs: number;
  /** Longest pause of a connection that has switched protocols. default: `readTimeoutMs` */
  readonly idleTimeoutMs?: number | undefined;
  /** How long the backend is told to have (`x-envoy-expected-rq-timeout-ms`). default: it is told nothing */
  readonly toldTimeoutMs?: number | undefined;
  /** Retries. default: none, except after a closed idle connection */
  readonly nextUpstream?: NextUpstream | undefined;
  /** Redirects of the backend that the proxy follows itself. default: clients get them */
  readonly redirects?: FollowedRedirects | undefined;
  /** Visible effects of nginx's buffers. default: no limits */
  readonly buffers?: Buffers | undefined;
  /** default: none */
  readonly limitRate?: LimitRate | undefined;
  /** `relative-redirects`: a `Location` on this host is only the path. */
  readonly relativeRedirects?: true | undefined;
  /** Of the backend's answers. default: as for all routes */
  readonly compression?: RouteCompression | undefined;
  /** default: logged */
  readonly accessLog?: "off" | undefined;
}

/** Certificate and key, PEM. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** TLS to the pods: `proxy-ssl-*`. */
export interface UpstreamTls {
  /** All fields below as one text; equal keys share connections. */
  readonly key: string;
  /** For a pod that requests one. */
  readonly pair?: PemPair | undefined;
  /** Trusted authorities, PEM. default: nothing is verified */
  readonly ca?: string | undefined;
  /** `proxy-ssl-verify`. */
  readonly verify: boolean;
  /** `proxy-ssl-verify-depth`: certificates between the pod's and the trusted one. */
  readonly verifyDepth: number;
  /** An OpenSSL list. default: OpenSSL's */
  readonly ciphers?: string | undefined;
  /** `TLSv1.2`. Empty: every known version. */
  readonly protocols: readonly string[];
  /** `proxy-ssl-name`: the pod's certificate has to be for it. */
  readonly name: string;
  /** The pod's certificate has to be for one of these in place of `name`. default: for `name` */
  readonly identities?: readonly NamedIdentity[] | undefined;
  /** `proxy-ssl-server-name`: also sends SNI. */
  readonly sendName: boolean;
}

/** A name in a certificate's subjectAltName. */
export interface NamedIdentity {
  readonly kind: "host" | "uri";
  readonly name: string;
}

/** Visible effects of nginx's buffers. */
export interface Buffers {
  /** `proxy-buffer-size`: a longer response head gives 502. default: no limit. unit: bytes */
  readonly responseHeadBytes?: number | undefined;
  /** A longer response is not passed on; one without a length is kept until its end. default: no limit. unit: bytes */
  readonly responseBytes?: number | undefined;
  /**
   * `proxy-request-buffering`: `gathered` reads the body before asking the backend, up to the kept size;
   * `passed-on` never sends it twice. default: streamed, and kept for a retry
   */
  readonly request?: "gathered" | "passed-on" | undefined;
  /**
   * nginx limits the rate only of buffered responses: `proxy-buffering: "on"`. default: buffered if the
   * backend asks; "never": not even then
   */
  readonly response?: "buffered" | "never" | undefined;
}

/** `limit-rate` and `limit-rate-after` */
export interface LimitRate {
  readonly bytesPerSecond: number;
  /** Sent at full speed first. unit: bytes */
  readonly afterBytes: number;
}

/** In the words of `proxy_next_upstream`; numbers are statuses of the backend. */
export type NextUpstreamCondition =
  | "error"
  /** Envoy's `connect-failure`: of "error", only what no backend has seen. */
  | "unreached"
  | "timeout"
  | "invalid_header"
  | "non_idempotent"
  | `http_${number}`;

/** `proxy-next-upstream`, `-tries`, `-timeout` */
export interface NextUpstream {
  /** Empty: `off` */
  readonly conditions: ReadonlySet<NextUpstreamCondition>;
  /** Tries per request. 0: no limit; "each-once": one per endpoint */
  readonly tries: number | "each-once";
  /** No try begins after this. 0: no limit. unit: ms */
  readonly timeoutMs: number;
}

/** `internal_redirect_policy` of Envoy. */
export interface FollowedRedirects {
  readonly statuses: ReadonlySet<number>;
  /** Of one request. */
  readonly most: number;
  /** From http to https and back; "down": only from https to http. default: none */
  readonly schemes?: "both" | "down" | undefined;
}
