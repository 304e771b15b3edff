export interface Place {
  readonly file: string;
  /** 1-based; 0 if unknown, as for a cluster's object. */
  readonly line: number;
  /** As the API server writes it: `metadata.annotations[…]`. */
  readonly field?: string | undefined;
  /** Of a field of an Ingress: `default/basic`. */
  readonly ingress?: string | undefined;
}

/** Annotations by name, which explain their own effect. */
export type AnnotationCode =
  | "affinity"
  | "auth-tls-secret"
  | "backend-protocol"
  | "connection-proxy-header"
  | "custom-headers"
  | "custom-http-errors"
  | "default-backend"
  | "enable-access-log"
  | "enable-cors"
  | "from-to-www-redirect"
  | "limit-rate"
  | "load-balance"
  | "mirror-target"
  | "preserve-trailing-slash"
  | "proxy-buffer-size"
  | "proxy-cookie-domain"
  | "proxy-cookie-path"
  | "proxy-next-upstream"
  | "proxy-redirect-from"
  | "proxy-redirect-to"
  | "proxy-request-buffering"
  | "proxy-ssl-secret"
  | "relative-redirects"
  | "service-upstream"
  | "ssl-ciphers"
  | "ssl-passthrough"
  | "tls-ended"
  | "upstream-hash-by"
  | "upstream-vhost"
  | "use-port-in-redirects"
  | "x-forwarded-prefix";

/** Faults of a request itself; no route is looked for. */
type MalformedCode =
  | "bad-framing"
  | "bad-header"
  | "bad-host"
  | "bad-method"
  | "bad-path"
  | "bad-request-line"
  | "bad-target"
  | "bad-version"
  | "headers-too-large"
  | "method-not-allowed"
  | "no-host-header"
  | "not-tls"
  | "options-all"
  | "repeated-header"
  | "target-too-long"
  | "underscore-header";

/** The choice of host and route. */
type RouteCode =
  | "controller-default-backend"
  | "exact-path"
  | "first-regex"
  | "host-regex"
  | "ingress-default-backend"
  | "longest-prefix"
  | "longest-rule"
  | "no-rule-for-host"
  | "no-rule-for-path"
  | "rule"
  | "unserved";

/** A decision of the route or its server. */
type EffectCode =
  | "annotation-denied"
  | "app-root"
  | "auth-tls-error-page"
  | "auth-tls-match-cn"
  | "block-referers"
  | "block-user-agents"
  | "body-limit"
  | "broken-reference"
  | "canary"
  | "client-certificate"
  | "cors-preflight"
  | "direct-response"
  | "error-page"
  | "failover"
  | "escaped-slash"
  | "fault"
  | "health-check"
  | "middleware"
  | "misdirected"
  | "nginx-status"
  | "no-endpoints"
  | "no-error-page"
  | "permanent-redirect"
  | "redirect"
  | "regex-too-complex"
  | "rewrite-target"
  | "slash-redirect"
  | "ssl-redirect"
  | "temporal-redirect"
  | "upgrade-refused";

type GuardCode =
  | "address-denied"
  | "addresses"
  | "any-of"
  | "auth-service"
  | "auth-service-failed"
  | "auth-signin"
  | "basic-auth"
  | "connection-limit"
  | "digest-auth"
  | "external-auth"
  | "limits"
  | "no-credentials"
  | "rate-limit"
  | "stale-nonce"
  | "unknown-user"
  | "wrong-password";

/** Known only while a request is carried out. */
type ProxyCode =
  | "accel-redirect"
  | "health"
  | "internal-redirect"
  | "advice"
  | "as-answered"
  | "bad-body"
  | "body-timeout"
  | "external-name-not-found"
  | "internal"
  | "upstream-failed"
  | "upstream-timeout";

/** A route that was passed over. */
type RejectionCode = "answered-before" | "not-covered" | "shadowed";

/** The kind of a reason. A code always means the same, whatever its words. */
export type ReasonCode =
  | AnnotationCode
  | EffectCode
  | GuardCode
  | MalformedCode
  | ProxyCode
  | RejectionCode
  | RouteCode;

export interface Reason {
  readonly code: ReasonCode;
  readonly text: string;
  /** The deciding Ingress or annotation. default: none */
  readonly at?: Place | undefined;
}

export function reason(code: ReasonCode, text: string, at?: Place): Reason {
  return { code, text, at };
}

/** The sentences, for people and `-o json`. */
export function textsOf(why: readonly Reason[]): readonly string[] {
  return why.map(({ text }) => text);
}
