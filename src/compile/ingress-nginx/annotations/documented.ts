/** The controller's danger level; `annotations-risk-level` sets the highest allowed. */
export type Risk = "Low" | "Medium" | "High" | "Critical";

export interface DocumentedAnnotation {
  /** Without prefix. */
  readonly name: string;
  readonly group: string;
  readonly risk: Risk;
}

/**
 * Every annotation of ingress-nginx v1.15 by documentation group
 * (docs/user-guide/nginx-configuration/annotations-risk.md, with the aliases of
 * internal/ingress/annotations).
 */
const GROUPS: readonly (Partial<Record<Risk, string>> & { readonly group: string })[] = [
  {
    group: "Aliases",
    High: "server-alias",
  },
  {
    group: "Allowlist",
    Medium: "allowlist-source-range whitelist-source-range",
  },
  {
    group: "Denylist",
    Medium: "denylist-source-range",
  },
  {
    group: "Backend protocol",
    Low: "backend-protocol",
  },
  {
    group: "Basic authentication",
    Low: "auth-type auth-secret-type",
    Medium: "auth-secret auth-realm",
  },
  {
    group: "Canary",
    Low: "canary canary-weight canary-weight-total",
    Medium: "canary-by-header canary-by-header-value canary-by-header-pattern canary-by-cookie",
  },
  {
    group: "Client certificates",
    Low: "auth-tls-verify-depth auth-tls-pass-certificate-to-upstream",
    Medium: "auth-tls-secret auth-tls-verify-client",
    High: "auth-tls-error-page auth-tls-match-cn",
  },
  {
    group: "Connection",
    Low: "connection-proxy-header",
  },
  {
    group: "CORS",
    Low: "enable-cors cors-allow-credentials cors-max-age",
    Medium: "cors-allow-origin cors-allow-methods cors-allow-headers cors-expose-headers",
  },
  {
    group: "Custom headers",
    Medium: "custom-headers",
  },
  {
    group: "Custom errors",
    Low: "custom-http-errors disable-proxy-intercept-errors",
  },
  {
    group: "Default backend",
    Low: "default-backend",
  },
  {
    group: "External authentication",
    Low: "auth-method auth-keepalive auth-keepalive-share-vars auth-keepalive-requests auth-keepalive-timeout auth-always-set-cookie enable-global-auth",
    Medium:
      "auth-signin-redirect-param auth-response-headers auth-proxy-set-headers auth-request-redirect auth-cache-key auth-cache-duration",
    High: "auth-url auth-signin",
    Critical: "auth-snippet",
  },
  {
    group: "FastCGI",
    Medium: "fastcgi-index fastcgi-params-configmap",
  },
  {
    group: "HTTP/2",
    Low: "http2-push-preload",
  },
  {
    group: "Load balancing",
    Low: "load-balance upstream-hash-by-subset upstream-hash-by-subset-size service-upstream",
    High: "upstream-hash-by",
  },
  {
    group: "Logs",
    Low: "enable-access-log enable-rewrite-log",
  },
  {
    group: "Mirror",
    Low: "mirror-request-body",
    High: "mirror-target mirror-host",
  },
  {
    group: "ModSecurity",
    Low: "enable-modsecurity enable-owasp-core-rules",
    High: "modsecurity-transaction-id",
    Critical: "modsecurity-snippet",
  },
  {
    group: "OpenTelemetry",
    Low: "enable-opentelemetry opentelemetry-trust-incoming-span",
    Medium: "opentelemetry-operation-name",
  },
  {
    group: "Proxy",
    Low: "client-body-buffer-size proxy-buffering proxy-buffers-number proxy-buffer-size proxy-busy-buffers-size proxy-max-temp-file-size proxy-request-buffering proxy-http-version proxy-connect-timeout proxy-read-timeout proxy-send-timeout proxy-next-upstream-timeout proxy-next-upstream-tries",
    Medium:
      "proxy-body-size proxy-cookie-domain proxy-cookie-path proxy-redirect-from proxy-redirect-to proxy-next-upstream",
  },
  {
    group: "Proxy TLS",
    Low: "proxy-ssl-protocols proxy-ssl-verify proxy-ssl-verify-depth proxy-ssl-server-name",
    Medium: "proxy-ssl-secret proxy-ssl-ciphers",
    High: "proxy-ssl-name",
  },
  {
    group: "Rate limits",
    Low: "limit-rps limit-rpm limit-burst-multiplier limit-connections limit-rate limit-rate-after limit-allowlist limit-whitelist",
  },
  {
    group: "Redirects",
    Low: "from-to-www-redirect permanent-redirect-code temporal-redirect-code relative-redirects use-port-in-redirects",
    Medium: "permanent-redirect temporal-redirect",
  },
  {
    group: "Rewrites",
    Low: "use-regex ssl-redirect",
    Medium: "rewrite-target app-root force-ssl-redirect preserve-trailing-slash",
  },
  {
    group: "Satisfy",
    Low: "satisfy",
  },
  {
    group: "Session affinity",
    Low: "affinity affinity-canary-behavior session-cookie-samesite session-cookie-conditional-samesite-none session-cookie-secure session-cookie-change-on-failure",
    Medium:
      "affinity-mode session-cookie-name session-cookie-path session-cookie-domain session-cookie-expires session-cookie-max-age",
  },
  {
    group: "Snippets",
    Critical: "configuration-snippet server-snippet stream-snippet",
  },
  {
    group: "TLS",
    Low: "ssl-ciphers ssl-prefer-server-ciphers ssl-passthrough",
  },
  {
    group: "Upstream host",
    Low: "upstream-vhost",
  },
  {
    group: "X-Forwarded-Prefix",
    Medium: "x-forwarded-prefix",
  },
];

export const RISKS: readonly Risk[] = ["Low", "Medium", "High", "Critical"];

/** By name, in group order. */
export const DOCUMENTED: ReadonlyMap<string, DocumentedAnnotation> = new Map(
  GROUPS.flatMap((names) =>
    RISKS.flatMap((risk) =>
      (names[risk]?.split(" ") ?? []).map((name) => [name, { name, group: names.group, risk }] as const),
    ),
  ),
);

/** The reason for not supporting an annotation, and its effect in the cluster. */
export const NOT_HONOURED: ReadonlyMap<string, string> = new Map([
  [
    "auth-snippet",
    "nginx configuration is never executed here; the cluster puts it into the location of the authentication request",
  ],
  [
    "configuration-snippet",
    "nginx configuration is never executed here; the cluster puts it into every location of the Ingress",
  ],
  [
    "server-snippet",
    "nginx configuration is never executed here; the cluster puts it into the server of the Ingress's hosts",
  ],
  [
    "stream-snippet",
    "nginx configuration is never executed here; the cluster puts it into the stream block of its whole configuration",
  ],
  [
    "modsecurity-snippet",
    "there is no ModSecurity here; the cluster adds these rules to its web application firewall",
  ],
  [
    "enable-modsecurity",
    "there is no ModSecurity here; the cluster may refuse requests with 403 by its rules",
  ],
  [
    "enable-owasp-core-rules",
    "there is no ModSecurity here; the cluster may refuse requests with 403 by the OWASP core rules",
  ],
  ["modsecurity-transaction-id", "there is no ModSecurity here; the cluster writes the id to its audit log"],
  [
    "enable-opentelemetry",
    "no spans are made here; the cluster adds trace headers to requests and sends spans to its collector",
  ],
  [
    "opentelemetry-trust-incoming-span",
    "no spans are made here; the cluster decides by it whether a client's trace goes on",
  ],
  ["opentelemetry-operation-name", "no spans are made here; the cluster names its spans so"],
  ["enable-rewrite-log", "there is no nginx error log here; the cluster logs each rewrite to it"],
  [
    "http2-push-preload",
    "browsers no longer take pushed responses, and nginx 1.25.1 has dropped them: the cluster does nothing either",
  ],
]);

/** Annotations of older releases and their replacements. Today's controller ignores them. */
export const REMOVED: ReadonlyMap<string, string> = new Map([
  ["secure-backends", "removed in 0.21: write backend-protocol: HTTPS"],
  ["grpc-backend", "removed in 0.21: write backend-protocol: GRPC"],
  ["add-base-url", "removed in 0.22: rewrite in the backend's own pages"],
  ["base-url-scheme", "removed in 0.22: rewrite in the backend's own pages"],
  ["session-cookie-hash", "removed in 0.24: nothing takes its place"],
  ["session-cookie-partitioned", "no release up to v1.15 has it: the cookie never says Partitioned"],
  ["lua-resty-waf", "removed in 0.31: nothing takes its place"],
  ["enable-influxdb", "removed in 1.8: nothing takes its place"],
  ["enable-opentracing", "removed in 1.10: write enable-opentelemetry"],
  ["opentracing-trust-incoming-span", "removed in 1.10: write opentelemetry-trust-incoming-span"],
  [
    "global-rate-limit",
    "removed in 1.12: write limit-rps or limit-rpm, which count on each controller alone",
  ],
  ["global-rate-limit-window", "removed in 1.12, with global-rate-limit"],
  ["global-rate-limit-key", "removed in 1.12, with global-rate-limit"],
  ["global-rate-limit-ignored-cidrs", "removed in 1.12, with global-rate-limit"],
  ["large-client-header-buffers", "never an annotation: it is an option of the controller's ConfigMap"],
  ["hsts", "never an annotation: it is an option of the controller's ConfigMap"],
  ["use-forwarded-headers", "never an annotation: it is an option of the controller's ConfigMap"],
]);
