import type { Addresses } from "./addresses.ts";
import type { HeaderLine } from "./decision.ts";
import type { Pattern } from "./pattern.ts";
import type { Reason } from "./reason.ts";
import type { BackendProtocol, UpstreamTls } from "./route/transport.ts";
import type { VariableText } from "./route/variable-text.ts";
import type { Backend } from "./route.ts";

/**
 * A check before a decision is carried out that only the running proxy can make: earlier requests, a
 * password, another server's answer.
 *
 * Data from `compile`. `decide` puts a location's guards into the decision in nginx's order; the proxy asks
 * them in turn, and the first refusal ends the request.
 */
export type Guard =
  | LimitGuard
  | AddressGuard
  | PasswordGuard
  | DigestGuard
  | ExternalAuthGuard
  | HealthGuard
  | AnyOfGuard;

interface Reasoned {
  /** The check, with annotation and Ingress. */
  readonly why: Reason;
  /** "none": `errors` of Traefik stands behind it, and does not see its refusal. */
  readonly pages?: "none" | undefined;
  /** Headers of its refusal. default: those of the decision */
  readonly refusalHeaders?: readonly HeaderLine[] | undefined;
}

/** Limits per client: `limit-rps`, `limit-rpm`, `limit-connections`. */
export interface LimitGuard extends Reasoned {
  readonly kind: "limits";
  /** In nginx's order: per second before per minute. */
  readonly rates: readonly Rate[];
  /** Concurrent requests per client. `setting`: who says so; default: `limit-connections` */
  readonly connections?:
    | { readonly zone: string; readonly atOnce: number; readonly setting?: string | undefined }
    | undefined;
  /** Uncounted clients (`limit-allowlist`). */
  readonly exempt?: Addresses | undefined;
  /** "everyone": all clients share the counts. default: each has its own */
  readonly counts?: "everyone" | undefined;
  /** "entry points": each has counts of its own. default: they share */
  readonly apart?: "entry points" | undefined;
  /** Replaces the plane's words for a refusal. */
  readonly answer?: { readonly text: string; readonly headers: readonly HeaderLine[] } | undefined;
  /** Statuses for too many requests, and too many connections. */
  readonly status: { readonly rate: number; readonly connections: number };
  /** Replaces the page. */
  readonly text?: string | undefined;
  /** `Retry-After` and `X-Retry-In` (Traefik). default: not told */
  readonly retryAfter?: "told" | undefined;
  /** `x-ratelimit-limit`, `-remaining` and `-reset` on every answer (Envoy). default: none */
  readonly told?: "x-ratelimit" | undefined;
  /** What is counted by. default: the client's address */
  readonly client?: string | undefined;
}

/** One `limit_req` of nginx. */
export interface Rate {
  /** Locations with the same zone share its count. */
  readonly zone: string;
  /** `limit-rps`, `limit-rpm`. */
  readonly annotation: string;
  /** Decrease of the count per second, in thousandths of a request. */
  readonly perSecond: number;
  /** Requests allowed at once above the rate. */
  readonly burst: number;
  /** How far above the burst a request waits for its turn, in place of its refusal. default: 0. unit: requests */
  readonly patience?: number | undefined;
}

/** Allowed client addresses: `denylist-source-range`, `allowlist-source-range`. */
export interface AddressGuard extends Reasoned {
  readonly kind: "addresses";
  /** default: the client's, by trusted headers if there are any */
  readonly whose?: "connection" | undefined;
  readonly deny?: Addresses | undefined;
  /** If set, all other clients are refused. */
  readonly allow?: Addresses | undefined;
  /** default: 403, with its page */
  readonly refusal?: { readonly status: number; readonly text: string } | undefined;
  /** The address that counts; `""`: none is known. default: the client's */
  readonly client?: string | undefined;
}

/** `auth-type: basic` */
export interface PasswordGuard extends Reasoned {
  readonly kind: "basic-auth";
  /** `auth-realm` */
  readonly realm: string;
  /** Password hashes by user, as in htpasswd. One char per byte. */
  readonly users: ReadonlyMap<string, string>;
  /** The header that tells the backend the user. default: none */
  readonly userHeader?: string | undefined;
  /** The absent Secret that a made-up user replaces. */
  readonly standsInFor?: string | undefined;
}

/** `auth-type: digest`: the password is not sent. */
export interface DigestGuard extends Reasoned {
  readonly kind: "digest-auth";
  /** Whose order the challenge has, and whether it has an `opaque`. default: that of nginx's module */
  readonly challenge?: "go-http-auth" | undefined;
  readonly realm: string;
  /** MD5 of user, realm and password by user, as in htdigest. */
  readonly users: ReadonlyMap<string, string>;
  /** As of a `PasswordGuard`. */
  readonly standsInFor?: string | undefined;
}

/** An authentication service: `auth-url`, filled in for one request. */
export interface ExternalAuthGuard extends Reasoned {
  readonly kind: "external-auth";
  readonly settings: ExternalAuthSettings;
  readonly target: AuthTarget;
  readonly method: string;
  readonly path: string;
  /** Set on the service's request over the client's headers. An empty value removes one. */
  readonly headers: readonly HeaderLine[];
  /** The redirect target of a 401. */
  readonly signin?: string | undefined;
  readonly cache?: { readonly key: string; readonly durations: readonly CacheDuration[] } | undefined;
  /** `forwardAuth` of Traefik. default: nginx's auth_request or its Lua */
  readonly forward?: ForwardSettings | undefined;
}

/** What Traefik makes of an authentication service's answer. */
export interface ForwardSettings {
  /** `authRequestHeaders`, lower case; the client's others do not go to the service. Empty: all go */
  readonly requestHeaders: readonly string[];
  /** `authResponseHeaders`, `authResponseHeadersRegex`: headers of the answer for the backend. */
  readonly responseHeaders: readonly string[];
  readonly responsePattern?: Pattern | undefined;
  /** `addAuthCookiesToResponse` */
  readonly cookies: readonly string[];
  /** `preserveLocationHeader`; else a path is taken for one of the service. */
  readonly location: "kept" | "made absolute";
  /** `forwardBody`, with `maxBodySize`; -1: no limit. default: the body is not sent */
  readonly body?: { readonly most: number } | undefined;
}

/** The target of an authentication URL. */
export type AuthTarget =
  | { readonly kind: "service"; readonly backend: Backend; readonly scheme: "http" | "https" }
  /** A host served here. */
  | { readonly kind: "here"; readonly host: string; readonly scheme: "http" | "https" }
  | {
      readonly kind: "address";
      readonly host: string;
      readonly port: number;
      readonly scheme: "http" | "https";
    }
  /** The URL is invalid. */
  | { readonly kind: "none"; readonly why: string };

/** Pods that are asked for their health; without a healthy one nobody is let in. */
export interface HealthGuard extends Reasoned {
  readonly kind: "health";
  readonly backend: Backend;
  readonly protocol: BackendProtocol;
  readonly tls?: UpstreamTls | undefined;
  readonly check: HealthCheck;
  /** Words of the refusal. */
  readonly text: string;
}

/** A question for a pod's health. */
export interface HealthCheck {
  readonly path: string;
  readonly host: string;
  /** Of a healthy pod's answer: from the first to before the second. */
  readonly statuses: readonly (readonly [from: number, before: number])[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
}

/** `satisfy: any`: one that admits is enough. */
export interface AnyOfGuard extends Reasoned {
  readonly kind: "any-of";
  readonly guards: readonly Guard[];
}

/** The authentication service: `auth-url` and its companions, or the ConfigMap's `global-auth-url`. */
export interface ExternalAuthSettings {
  /** `the annotation auth-url of Ingress default/x` */
  readonly named: string;
  readonly url: VariableText;
  /** The URL's host without port, sent as `Host`. */
  readonly host: VariableText;
  /** `auth-method`. default: GET */
  readonly method?: string | undefined;
  /** `auth-signin` with the return address in its query: the redirect target of a 401. */
  readonly signin?: VariableText | undefined;
  /** `auth-request-redirect`. default: the request's target */
  readonly requestRedirect?: string | undefined;
  /** `auth-response-headers`: headers of the answer for the backend. */
  readonly responseHeaders: readonly string[];
  /** `auth-proxy-set-headers`: further headers for the service. */
  readonly setHeaders: readonly { readonly name: string; readonly value: VariableText }[];
  /** `auth-cache-key`, `auth-cache-duration`. */
  readonly cache?: { readonly key: VariableText; readonly durations: readonly CacheDuration[] } | undefined;
  /** `auth-always-set-cookie`: the service's cookie on every answer, or only below 400. */
  readonly cookie: "always" | "below-400";
  /**
   * `auth-keepalive`: asked by Lua, where only 200 is a yes, instead of nginx's auth_request. Envoy's `ext_authz` hands
   * every other status to the client.
   */
  readonly asker: "auth_request" | "lua" | "ext_authz";
  /** "open": who cannot be judged by `ext_authz` is let in (`failure_mode_allow`). default: 403 */
  readonly failure?: "open" | undefined;
}

/** Validity of cached answers with these statuses; empty: 200, 301 and 302 (nginx proxy_cache_valid). */
export interface CacheDuration {
  readonly statuses: readonly number[] | "any";
  readonly ms: number;
}
