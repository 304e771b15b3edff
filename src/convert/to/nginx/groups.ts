/** Annotations that say one thing together, without prefix; the first one says it at all. */

export const EXTERNAL_AUTH = [
  "auth-url",
  "auth-method",
  "auth-signin",
  "auth-signin-redirect-param",
  "auth-response-headers",
  "auth-proxy-set-headers",
  "auth-request-redirect",
  "auth-cache-key",
  "auth-cache-duration",
  "auth-always-set-cookie",
  "auth-snippet",
] as const;

export const CLIENT_CERTIFICATES = [
  "auth-tls-secret",
  "auth-tls-verify-client",
  "auth-tls-verify-depth",
  "auth-tls-error-page",
  "auth-tls-match-cn",
  "auth-tls-pass-certificate-to-upstream",
] as const;

export const AFFINITY = [
  "affinity",
  "affinity-mode",
  "affinity-canary-behavior",
  "session-cookie-name",
  "session-cookie-path",
  "session-cookie-domain",
  "session-cookie-expires",
  "session-cookie-max-age",
  "session-cookie-samesite",
  "session-cookie-conditional-samesite-none",
  "session-cookie-secure",
  "session-cookie-change-on-failure",
] as const;
