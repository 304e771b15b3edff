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

function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
