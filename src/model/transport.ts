/** `backend-protocol`: how the pods are spoken to. `AUTO_HTTP` is the scheme that the client came by. */
export type BackendProtocol = "HTTP" | "HTTPS" | "AUTO_HTTP" | "GRPC" | "GRPCS" | "FCGI";

/** How requests of a route are carried to its backend and back. The proxy reads nothing else of a route. */
export interface Transport {
  readonly protocol: BackendProtocol;
  /** TLS to the pods. default: no certificate is sent, none is verified. */
  readonly tls?: UpstreamTls | undefined;
  /** Longest body of a request. unit: bytes; 0: no limit. */
  readonly bodyLimit: number;
  readonly connectTimeoutMs: number;
  /** Longest pause between two reads of the response. */
  readonly readTimeoutMs: number;
  /** Longest pause between two writes of the request. */
  readonly sendTimeoutMs: number;
  /** When a request is sent to another upstream. default: never, except when an idle connection was closed. */
  readonly nextUpstream?: NextUpstream | undefined;
  /** nginx's buffers, as far as they can be seen. default: nothing is too long. */
  readonly buffers?: Buffers | undefined;
  /** default: as fast as it comes. */
  readonly limitRate?: LimitRate | undefined;
  /** `relative-redirects`: a `Location` on this host is the path alone. default: a whole URL */
  readonly relativeRedirects?: true | undefined;
  /** default: requests are logged. */
  readonly accessLog?: "off" | undefined;
}

/** A certificate with the key that belongs to it, in PEM. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

/** TLS to the pods: `proxy-ssl-*`. */
export interface UpstreamTls {
  /** Tells connections apart: everything below, as one text. */
  readonly key: string;
  /** Sent to a pod that asks for a certificate. */
  readonly pair?: PemPair | undefined;
  /** Trusted authorities, in PEM. default: nothing is verified. */
  readonly ca?: string | undefined;
  /** `proxy-ssl-verify`. */
  readonly verify: boolean;
  /** Most certificates between the pod's and the trusted one: `proxy-ssl-verify-depth`. */
  readonly verifyDepth: number;
  /** As OpenSSL writes a list of ciphers. default: OpenSSL's own. */
  readonly ciphers?: string | undefined;
  /** `TLSv1.2`. Empty: every known version. */
  readonly protocols: readonly string[];
  /** The pod's certificate has to be for this name: `proxy-ssl-name`. */
  readonly name: string;
  /** Whether the name is sent as well (SNI): `proxy-ssl-server-name`. */
  readonly sendName: boolean;
}

/** nginx's buffers, as far as they can be seen from outside. */
export interface Buffers {
  /** `proxy-buffer-size`: a longer head of a response is answered with 502. unit: bytes; default: none is too long. */
  readonly responseHeadBytes?: number | undefined;
  /**
   * `proxy-request-buffering`: a body is read whole before the backend is asked (up to what is kept of one), or never
   * sent twice. default: sent as it comes, and kept for another try.
   */
  readonly request?: "gathered" | "passed-on" | undefined;
  /**
   * nginx limits the rate of a buffered response alone: `proxy-buffering: "on"`. default: not buffered, unless the backend
   * asks for it; "never": not even then.
   */
  readonly response?: "buffered" | "never" | undefined;
}

/** `limit-rate` and `limit-rate-after`: how fast the response to one request is sent. */
export interface LimitRate {
  readonly bytesPerSecond: number;
  /** Sent at full speed first. unit: bytes. */
  readonly afterBytes: number;
}

/** Reasons to try again, as `proxy_next_upstream` names them; the numbers are statuses of the backend. */
export type NextUpstreamCondition =
  | "error"
  | "timeout"
  | "invalid_header"
  | "non_idempotent"
  | "http_500"
  | "http_502"
  | "http_503"
  | "http_504"
  | "http_403"
  | "http_404"
  | "http_429";

/** When a request is sent to another upstream: `proxy-next-upstream`, `-tries`, `-timeout`. */
export interface NextUpstream {
  /** Empty for `off`. */
  readonly conditions: ReadonlySet<NextUpstreamCondition>;
  /** Most tries of one request; 0: no limit; "each-once": as many as there are endpoints. */
  readonly tries: number | "each-once";
  /** No further try begins after this, in ms; 0: no limit. */
  readonly timeoutMs: number;
}
