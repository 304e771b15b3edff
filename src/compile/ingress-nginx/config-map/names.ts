/**
 * Options of the controller's ConfigMap that are the defaults of annotations with the same name, and are read as those
 * are (internal/ingress/defaults/main.go).
 */
export const ANNOTATION_DEFAULTS: readonly string[] = words(`
  app-root custom-http-errors disable-proxy-intercept-errors preserve-trailing-slash proxy-body-size
  proxy-connect-timeout proxy-read-timeout proxy-send-timeout proxy-buffers-number proxy-buffer-size
  proxy-busy-buffers-size proxy-cookie-path proxy-cookie-domain proxy-next-upstream proxy-next-upstream-timeout
  proxy-next-upstream-tries proxy-redirect-from proxy-redirect-to proxy-request-buffering proxy-buffering
  proxy-http-version proxy-max-temp-file-size client-body-buffer-size relative-redirects ssl-redirect
  force-ssl-redirect use-port-in-redirects upstream-hash-by upstream-hash-by-subset upstream-hash-by-subset-size
  load-balance whitelist-source-range denylist-source-range limit-rate limit-rate-after service-upstream
  ssl-ciphers ssl-prefer-server-ciphers`);

/** Options that change what a client or a backend sees, and that ingress-dev does not honour: what the cluster does. */
export const NOT_HONOURED: ReadonlyMap<string, string> = new Map([
  ["allow-backend-server-header", "the cluster lets a backend's Server header through"],
  ["annotation-value-word-blocklist", "the cluster refuses Ingresses whose annotations hold these words"],
  ["block-cidrs", "the cluster answers 403 to these addresses"],
  ["block-referers", "the cluster answers 403 to requests from these pages"],
  ["block-user-agents", "the cluster answers 403 to these user agents"],
  ["default-type", "the cluster gives responses without a type this one"],
  ["enable-brotli", "the cluster compresses responses with brotli"],
  ["enable-modsecurity", "the cluster filters requests with ModSecurity"],
  ["enable-ocsp", "the cluster staples OCSP answers to its certificates"],
  ["enable-owasp-modsecurity-crs", "the cluster filters requests with the OWASP core rules"],
  ["enable-underscores-in-headers", "the cluster passes headers with a _ on"],
  ["global-auth-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["http-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["ignore-invalid-headers", "the cluster decides by it whether headers with odd names are passed on"],
  ["large-client-header-buffers", "the cluster takes longer or shorter request lines and headers"],
  ["location-snippet", "the cluster puts it into every location; here no configuration is executed"],
  ["main-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["modsecurity-snippet", "the cluster puts it into the rules of ModSecurity"],
  ["plugins", "the cluster runs these Lua plugins"],
  ["server-snippet", "the cluster puts it into every server; here no configuration is executed"],
  ["ssl-protocols", "the cluster speaks these versions of TLS; here it is 1.2 and 1.3"],
  ["ssl-reject-handshake", "the cluster refuses handshakes for hosts that nobody names"],
  ["stream-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["use-gzip", "the cluster compresses responses with gzip"],
  [
    "use-proxy-protocol",
    "the cluster expects the PROXY protocol from its clients, and answers nothing without it",
  ],
]);

/** Options that tune nginx, its logs or its collectors: nothing of them is seen in an answer. */
export const INVISIBLE: ReadonlySet<string> = new Set(
  words(`
  access-log-params access-log-path bind-address brotli-level brotli-min-length brotli-types client-body-timeout
  client-header-buffer-size client-header-timeout debug-connections disable-access-log disable-ipv6 disable-ipv6-dns
  enable-access-log-for-default-backend enable-aio-write enable-multi-accept enable-opentelemetry enable-syslog
  error-log-level error-log-path generate-request-id geoip2-autoreload-in-minutes grpc-buffer-size-kb gzip-disable
  gzip-level gzip-min-length gzip-types http-access-log-path http2-max-concurrent-streams http2-max-field-size http2-max-header-size
  http2-max-requests keep-alive keep-alive-requests limit-conn-zone-variable log-format-escape-json
  log-format-escape-none log-format-stream log-format-upstream lua-shared-dicts map-hash-bucket-size
  max-worker-connections max-worker-open-files nginx-status-ipv4-whitelist nginx-status-ipv6-whitelist
  opentelemetry-config opentelemetry-operation-name opentelemetry-trust-incoming-span otel-max-export-batch-size
  otel-max-queuesize otel-sampler otel-sampler-parent-based otel-sampler-ratio otel-schedule-delay-millis
  otel-service-name otlp-collector-host otlp-collector-port proxy-headers-hash-bucket-size
  proxy-headers-hash-max-size proxy-protocol-header-timeout proxy-ssl-location-only proxy-stream-next-upstream
  proxy-stream-next-upstream-timeout proxy-stream-next-upstream-tries proxy-stream-responses proxy-stream-timeout
  retry-non-idempotent reuse-port server-name-hash-bucket-size server-name-hash-max-size skip-access-log-urls
  ssl-buffer-size ssl-dh-param ssl-early-data ssl-ecdh-curve ssl-session-cache ssl-session-cache-size ssl-session-ticket-key
  ssl-session-tickets ssl-session-timeout stream-access-log-path syslog-host syslog-port
  upstream-keepalive-connections upstream-keepalive-requests upstream-keepalive-time upstream-keepalive-timeout
  use-geoip use-geoip2 variables-hash-bucket-size variables-hash-max-size worker-cpu-affinity worker-processes
  worker-serial-reloads worker-shutdown-timeout`),
);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
