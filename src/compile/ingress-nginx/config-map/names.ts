/**
 * Options that are defaults of the annotation of the same name, and are read like it
 * (internal/ingress/defaults/main.go).
 */
export const ANNOTATION_DEFAULTS: readonly string[] = words(`
  preserve-trailing-slash proxy-body-size proxy-connect-timeout proxy-read-timeout proxy-send-timeout
  proxy-buffers-number proxy-buffer-size proxy-busy-buffers-size proxy-cookie-path proxy-cookie-domain
  proxy-next-upstream proxy-next-upstream-timeout proxy-next-upstream-tries proxy-redirect-from proxy-redirect-to
  proxy-request-buffering proxy-buffering proxy-http-version proxy-max-temp-file-size client-body-buffer-size
  relative-redirects ssl-redirect force-ssl-redirect use-port-in-redirects load-balance whitelist-source-range
  denylist-source-range limit-rate limit-rate-after service-upstream`);

export const WITHOUT_EFFECT: ReadonlySet<string> = new Set(
  words(`app-root upstream-hash-by upstream-hash-by-subset upstream-hash-by-subset-size`),
);

/** Visible options that ingress-dev does not support → their effect in the cluster. */
export const OPTIONS_NOT_HONOURED: ReadonlyMap<string, string> = new Map([
  ["enable-modsecurity", "the cluster filters requests with ModSecurity"],
  ["enable-ocsp", "the cluster staples OCSP answers to its certificates"],
  ["enable-opentelemetry", "the cluster adds trace headers to requests and sends spans to its collector"],
  ["enable-owasp-modsecurity-crs", "the cluster filters requests with the OWASP core rules"],
  ["global-auth-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["http-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["http2-max-concurrent-streams", "the cluster lets a connection have so many requests open at once"],
  ["limit-conn-zone-variable", "the cluster counts limits by this variable; here it is the client's address"],
  ["location-snippet", "the cluster puts it into every location; here no configuration is executed"],
  ["main-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["modsecurity-snippet", "the cluster puts it into the rules of ModSecurity"],
  ["plugins", "the cluster runs these Lua plugins"],
  ["proxy-stream-next-upstream", "the cluster tries another endpoint for TCP where one refuses"],
  ["proxy-stream-responses", "the cluster expects so many datagrams in answer to one of UDP"],
  ["proxy-stream-timeout", "the cluster ends idle TCP and UDP sessions after this time"],
  ["server-snippet", "the cluster puts it into every server; here no configuration is executed"],
  ["ssl-dh-param", "the cluster takes these parameters for key exchange with DHE ciphers"],
  ["ssl-early-data", "the cluster takes early data of TLS 1.3"],
  ["stream-snippet", "the cluster puts it into its configuration; here no configuration is executed"],
  ["upstream-keepalive-connections", "with 0 the cluster opens a connection to a backend for each request"],
  ["use-geoip2", "the cluster knows the country of a client by its address, in variables"],
]);

/** Options for nginx's tuning, logs and collectors; answers do not show them. */
export const INVISIBLE: ReadonlySet<string> = new Set(
  words(`
  access-log-params access-log-path bind-address bind-address-ipv4 bind-address-ipv6 client-header-buffer-size
  debug-connections disable-access-log disable-http-access-log disable-ipv6 disable-ipv6-dns disable-stream-access-log
  enable-access-log-for-default-backend enable-aio-write enable-auth-access-log enable-multi-accept
  enable-serial-reloads enable-syslog error-log-level error-log-path forwarded-for-proxy-protocol-header geoip2-autoreload-in-minutes grpc-buffer-size-kb
  http-access-log-path http2-max-field-size http2-max-header-size http2-max-requests log-format-escape-json
  log-format-escape-none log-format-stream log-format-upstream lua-shared-dicts map-hash-bucket-size
  max-worker-connections max-worker-open-files opentelemetry-config opentelemetry-operation-name
  opentelemetry-trust-incoming-span otel-max-export-batch-size otel-max-queuesize otel-sampler
  otel-sampler-parent-based otel-sampler-ratio otel-schedule-delay-millis otel-service-name otlp-collector-host
  otlp-collector-port proxy-headers-hash-bucket-size proxy-headers-hash-max-size proxy-protocol-header-timeout
  proxy-ssl-location-only proxy-stream-next-upstream-timeout proxy-stream-next-upstream-tries reuse-port
  server-name-hash-bucket-size server-name-hash-max-size skip-access-log-urls ssl-buffer-size ssl-session-cache
  ssl-session-cache-size ssl-session-ticket-key ssl-session-tickets ssl-session-timeout stream-access-log-path
  syslog-host syslog-port upstream-keepalive-requests upstream-keepalive-time upstream-keepalive-timeout
  variables-hash-bucket-size variables-hash-max-size worker-cpu-affinity worker-processes worker-shutdown-timeout`),
);

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
