import type { ReasonCode } from "../../../model/reason.ts";
import { type ExplainedParts, OF_GUARDS } from "../target.ts";

/** What an annotation of ingress-nginx comes to where a target has nothing in its place. */
export type Fate =
  | { readonly kind: "lost"; readonly loss: AnnotationLoss }
  /** It means the same without. */
  | { readonly kind: "harmless"; readonly why: string };

interface AnnotationLoss {
  /** A clause. */
  readonly message: string;
  readonly fix: string;
  /** Of requests of the Ingress. */
  readonly parts: ExplainedParts;
  /** Requests that were decided for these reasons, wholly. default: none */
  readonly codes?: readonly ReasonCode[] | undefined;
}

const UNSEEN: ExplainedParts = { aspects: ["settings"] };
const BY_HAND = "Do it in the backend, or by a setting of the new controller.";

type Row = readonly [names: string, message: string, parts?: ExplainedParts, codes?: readonly ReasonCode[]];

const LOST: readonly Row[] = [
  ["app-root", "the root of the host is not sent to it", { aspects: ["location"] }, ["app-root"]],
  [
    "preserve-trailing-slash relative-redirects use-port-in-redirects",
    "redirects to https keep the path and name the whole host, without port",
    { aspects: ["location"] },
  ],
  [
    "from-to-www-redirect",
    "the host with www, or without it, is not redirected",
    UNSEEN,
    ["from-to-www-redirect"],
  ],
  [
    "permanent-redirect permanent-redirect-code",
    "the redirect is gone, and the backend answers",
    { aspects: "answer" },
  ],
  [
    "temporal-redirect temporal-redirect-code",
    "the redirect is gone, and the backend answers",
    { aspects: "answer" },
  ],
  ["fastcgi-index fastcgi-params-configmap", "nothing speaks FastCGI to the pods", UNSEEN],
  [
    "proxy-ssl-secret proxy-ssl-name proxy-ssl-server-name proxy-ssl-verify proxy-ssl-verify-depth proxy-ssl-ciphers proxy-ssl-protocols",
    "TLS to the pods does without it",
  ],
  [
    "auth-tls-secret auth-tls-verify-client auth-tls-verify-depth auth-tls-error-page auth-tls-match-cn auth-tls-pass-certificate-to-upstream",
    "clients are let in without a certificate",
    { aspects: ["guards", "request headers"] },
    ["client-certificate", "auth-tls-match-cn", "auth-tls-error-page"],
  ],
  ["ssl-ciphers ssl-prefer-server-ciphers", "clients negotiate the new controller's ciphers"],
  ["ssl-passthrough", "TLS ends at the controller", { aspects: ["certificate"] }],
  ["proxy-body-size", "bodies of any size go to the backend", UNSEEN, ["body-limit"]],
  ["proxy-connect-timeout proxy-read-timeout proxy-send-timeout", "the new controller's own timeouts count"],
  [
    "proxy-redirect-from proxy-redirect-to",
    "Location and Refresh of answers stay as the backend writes them",
    { aspects: ["settings"] },
  ],
  [
    "proxy-cookie-domain proxy-cookie-path",
    "cookies stay as the backend sets them",
    { aspects: ["settings"] },
  ],
  [
    "proxy-next-upstream proxy-next-upstream-timeout proxy-next-upstream-tries",
    "a failed request is not tried at another pod",
  ],
  [
    "limit-rps limit-rpm limit-burst-multiplier limit-connections limit-allowlist limit-whitelist",
    "nobody is slowed down: the limit is gone",
    { aspects: ["guards"] },
    ["rate-limit", "connection-limit"],
  ],
  ["limit-rate limit-rate-after", "answers are sent as fast as they come"],
  [
    "allowlist-source-range whitelist-source-range denylist-source-range",
    "every address is let in",
    { aspects: ["guards"] },
    ["address-denied"],
  ],
  [
    "auth-type auth-secret auth-secret-type auth-realm",
    "nobody is asked for a password",
    { aspects: ["guards"] },
    ["no-credentials", "unknown-user", "wrong-password", "stale-nonce"],
  ],
  [
    "auth-url auth-method auth-signin auth-signin-redirect-param auth-response-headers auth-proxy-set-headers auth-request-redirect auth-cache-key auth-cache-duration auth-always-set-cookie auth-snippet",
    "no service is asked whether to let a request in",
    { aspects: ["guards", "request headers"] },
    ["auth-service", "auth-service-failed", "auth-signin"],
  ],
  ["enable-global-auth", "the controller's global authentication is gone anyway", { aspects: ["guards"] }],
  ["satisfy", "all guards have to let a request in, not any of them", { aspects: OF_GUARDS }],
  ["server-alias", "the further names are not served", { aspects: "answer" }],
  [
    "canary canary-weight canary-weight-total canary-by-header canary-by-header-value canary-by-header-pattern canary-by-cookie",
    "the canary gets no requests",
    { aspects: ["canary", "service"] },
    ["canary"],
  ],
  [
    "affinity affinity-mode affinity-canary-behavior session-cookie-name session-cookie-path session-cookie-domain session-cookie-expires session-cookie-max-age session-cookie-samesite session-cookie-conditional-samesite-none session-cookie-secure session-cookie-change-on-failure",
    "a client's requests go to any pod",
    { aspects: ["canary", "service", "settings"] },
  ],
  [
    "upstream-hash-by upstream-hash-by-subset upstream-hash-by-subset-size",
    "requests with equal keys go to any pod",
    { aspects: ["settings"] },
  ],
  [
    "enable-cors cors-allow-origin cors-allow-methods cors-allow-headers cors-allow-credentials cors-expose-headers cors-max-age",
    "browsers of other origins are refused, unless the backend answers for itself",
    { aspects: ["response headers"] },
    ["cors-preflight"],
  ],
  ["upstream-vhost", "the backend gets the client's Host", { requestHeaders: ["host"] }],
  [
    "x-forwarded-prefix",
    "the backend gets no X-Forwarded-Prefix",
    { requestHeaders: ["x-forwarded-prefix"] },
  ],
  [
    "connection-proxy-header",
    "the backend gets the new controller's Connection header",
    { requestHeaders: ["connection"] },
  ],
  ["custom-headers", "answers lack the headers of its ConfigMap", { aspects: ["response headers"] }],
  [
    "custom-http-errors disable-proxy-intercept-errors",
    "the backend's own error pages go to the client",
    { aspects: ["settings"] },
    ["error-page", "no-error-page"],
  ],
  [
    "default-backend",
    "a Service without pods is answered 503",
    { aspects: ["kind", "status", "service", "request headers", "path"] },
  ],
  ["mirror-target mirror-request-body mirror-host", "no request is copied", { aspects: ["settings"] }],
  [
    "enable-modsecurity enable-owasp-core-rules modsecurity-transaction-id modsecurity-snippet",
    "no web application firewall looks at requests",
  ],
  [
    "enable-opentelemetry opentelemetry-trust-incoming-span opentelemetry-operation-name",
    "spans are a matter of the new controller's own settings",
  ],
  [
    "configuration-snippet server-snippet stream-snippet",
    "its nginx configuration is gone, whatever it does",
  ],
  ["backend-protocol", "the pods are spoken to by HTTP/1.1 without TLS"],
  ["rewrite-target", "the backend gets the path as it came", { aspects: ["path"] }],
];

const HARMLESS: readonly (readonly [names: string, why: string])[] = [
  ["ssl-redirect force-ssl-redirect", "redirects to https are routes or settings of their own"],
  ["use-regex", "each path is converted as what it is"],
  ["enable-access-log enable-rewrite-log", "logs alone"],
  ["http2-push-preload", "ingress-nginx does nothing by it either"],
  ["load-balance service-upstream", "requests reach the same Services"],
  [
    "client-body-buffer-size proxy-buffer-size proxy-buffering proxy-buffers-number proxy-busy-buffers-size proxy-max-temp-file-size proxy-request-buffering proxy-http-version",
    "nginx's own buffers, which others do without",
  ],
  [
    "auth-keepalive auth-keepalive-requests auth-keepalive-share-vars auth-keepalive-timeout",
    "how nginx keeps connections to a service",
  ],
];

/** The fate of each annotation that ingress-nginx documents, without prefix. */
export const FATES: ReadonlyMap<string, Fate> = new Map<string, Fate>([
  ...LOST.flatMap(([names, message, parts = UNSEEN, codes]) => {
    const fate: Fate = { kind: "lost", loss: { message, fix: BY_HAND, parts, codes } };
    return names.split(" ").map((name) => [name, fate] as const);
  }),
  ...HARMLESS.flatMap(([names, why]) => {
    const fate: Fate = { kind: "harmless", why };
    return names.split(" ").map((name) => [name, fate] as const);
  }),
]);
