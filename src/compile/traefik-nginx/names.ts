/** NginxAnnotations that the provider reads, without prefix, by the form of their values (annotations.go). */
const READ = {
  boolean: `auth-tls-pass-certificate-to-upstream canary cors-allow-credentials enable-access-log enable-cors enable-global-auth
    enable-modsecurity enable-owasp-core-rules force-ssl-redirect from-to-www-redirect service-upstream session-cookie-secure
    ssl-passthrough ssl-redirect use-regex`,
  integer: `canary-weight canary-weight-total cors-max-age limit-burst-multiplier limit-connections limit-rpm limit-rps
    permanent-redirect-code proxy-buffers-number proxy-connect-timeout proxy-next-upstream-timeout proxy-next-upstream-tries
    proxy-read-timeout proxy-send-timeout session-cookie-expires session-cookie-max-age temporal-redirect-code`,
  text: `affinity allowlist-source-range app-root auth-method auth-realm auth-response-headers auth-secret auth-secret-type
    auth-signin auth-snippet auth-tls-secret auth-tls-verify-client auth-type auth-url backend-protocol canary-by-cookie
    canary-by-header canary-by-header-pattern canary-by-header-value client-body-buffer-size configuration-snippet
    cors-allow-headers cors-allow-methods cors-allow-origin cors-expose-headers custom-headers custom-http-errors
    default-backend modsecurity-snippet permanent-redirect proxy-body-size proxy-buffer-size proxy-buffering
    proxy-max-temp-file-size proxy-next-upstream proxy-request-buffering proxy-ssl-name proxy-ssl-secret
    proxy-ssl-server-name proxy-ssl-verify rewrite-target server-alias server-snippet session-cookie-domain
    session-cookie-name session-cookie-path session-cookie-samesite temporal-redirect upstream-hash-by upstream-vhost
    whitelist-source-range x-forwarded-prefix`,
} as const;

export type ValueForm = keyof typeof READ;

export const READ_NAMES: ReadonlyMap<string, ValueForm> = new Map(
  (["boolean", "integer", "text"] as const).flatMap((form) =>
    words(READ[form]).map((name): readonly [string, ValueForm] => [name, form]),
  ),
);

/** ingress-nginx's annotations that the provider passes over without a word. */
export const UNREAD: ReadonlySet<string> = new Set(
  words(`affinity-canary-behavior affinity-mode auth-always-set-cookie auth-cache-duration auth-cache-key auth-keepalive
    auth-keepalive-requests auth-keepalive-share-vars auth-keepalive-timeout auth-proxy-set-headers auth-request-redirect
    auth-signin-redirect-param auth-tls-error-page auth-tls-match-cn auth-tls-verify-depth connection-proxy-header
    denylist-source-range disable-proxy-intercept-errors enable-opentelemetry enable-rewrite-log fastcgi-index
    fastcgi-params-configmap http2-push-preload limit-allowlist limit-rate limit-rate-after limit-whitelist load-balance
    mirror-host mirror-request-body mirror-target modsecurity-transaction-id opentelemetry-operation-name
    opentelemetry-trust-incoming-span preserve-trailing-slash proxy-busy-buffers-size proxy-cookie-domain proxy-cookie-path
    proxy-http-version proxy-redirect-from proxy-redirect-to proxy-ssl-ciphers proxy-ssl-protocols proxy-ssl-verify-depth
    relative-redirects satisfy session-cookie-change-on-failure session-cookie-conditional-samesite-none ssl-ciphers
    ssl-prefer-server-ciphers stream-snippet upstream-hash-by-subset upstream-hash-by-subset-size`),
);

/** What becomes of requests where one of these is not read. */
export const UNREAD_EFFECTS: ReadonlyMap<string, string> = new Map([
  ["denylist-source-range", "the addresses that it keeps out are let in"],
  ["satisfy", "address and password are both asked for"],
  ["auth-tls-match-cn", "every certificate of the authority is let in"],
  ["auth-proxy-set-headers", "the authentication service does not get the headers"],
  ["limit-allowlist", "the clients that it spares are counted as well"],
  ["limit-whitelist", "the clients that it spares are counted as well"],
  ["mirror-target", "no copy is sent"],
  ["proxy-redirect-from", "Location stays as the Service sends it"],
  ["proxy-cookie-domain", "cookies stay as the Service sets them"],
  ["proxy-cookie-path", "cookies stay as the Service sets them"],
]);

/** Those that keep somebody out in ingress-nginx. */
export const UNREAD_GUARDS: ReadonlySet<string> = new Set(["auth-tls-match-cn", "denylist-source-range"]);

function words(text: string): readonly string[] {
  return text.split(/\s+/);
}
