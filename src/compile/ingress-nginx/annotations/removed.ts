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
