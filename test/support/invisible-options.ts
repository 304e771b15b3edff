/** Options of the ConfigMap for nginx's tuning, logs and collectors; answers do not show them. */
export const INVISIBLE: ReadonlySet<string> = new Set(
  `
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
  variables-hash-bucket-size variables-hash-max-size worker-cpu-affinity worker-processes worker-shutdown-timeout`
    .trim()
    .split(/\s+/),
);
