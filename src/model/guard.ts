import type { Addresses } from "./addresses.ts";
import type { HeaderLine } from "./decision.ts";
import type { Reason } from "./reason.ts";
import type { Backend } from "./route.ts";
import type { VariableText } from "./variable-text.ts";

/**
 * Something that a location asks of each request before its decision is carried out, and that only the running proxy can
 * find out: how many came before, whether a password is right, what another server says.
 *
 * Data, made in `compile`. `decide` puts those of a location into the decision, in nginx's order; the proxy asks them one
 * after the other, and the first that refuses ends the request.
 */
export type Guard = LimitGuard | AddressGuard | PasswordGuard | DigestGuard | ExternalAuthGuard | AnyOfGuard;

interface Reasoned {
  /** What is asked, and which annotation of which Ingress says so. */
  readonly why: Reason;
}

/** How many requests a client may send: `limit-rps`, `limit-rpm`, `limit-connections`. */
export interface LimitGuard extends Reasoned {
  readonly kind: "limits";
  /** In nginx's order: those per second before those per minute. */
  readonly rates: readonly Rate[];
  /** Requests of one client that may be in progress at once. */
  readonly connections?: { readonly zone: string; readonly atOnce: number } | undefined;
  /** Clients that are not counted (`limit-allowlist`). */
  readonly exempt?: Addresses | undefined;
  /** With what a request over a rate, and one over the connections, is answered. */
  readonly status: { readonly rate: number; readonly connections: number };
}

/** One `limit_req` of nginx. */
export interface Rate {
  /** Where its count is kept: every location that names the zone shares it. */
  readonly zone: string;
  /** `limit-rps`, `limit-rpm`. */
  readonly annotation: string;
  /** Thousandths of a request that a client's count falls by in a second. */
  readonly perSecond: number;
  /** Requests that may come at once on top of the rate. */
  readonly burst: number;
}

/** Which clients may come, by their address: `denylist-source-range`, `allowlist-source-range`. */
export interface AddressGuard extends Reasoned {
  readonly kind: "addresses";
  /** Asked first. */
  readonly deny?: Addresses | undefined;
  /** Where it is there, every other client is refused. */
  readonly allow?: Addresses | undefined;
}

/** Who may come, by user name and password: `auth-type: basic`. */
export interface PasswordGuard extends Reasoned {
  readonly kind: "basic-auth";
  /** `auth-realm`, as the client is told. */
  readonly realm: string;
  /** The hash of each user's password, as a line of an htpasswd file has it. One char a byte. */
  readonly users: ReadonlyMap<string, string>;
  /** The Secret that the users should come from, where it is absent and another was made up. */
  readonly standsInFor?: string | undefined;
}

/** The same without sending the password: `auth-type: digest`. */
export interface DigestGuard extends Reasoned {
  readonly kind: "digest-auth";
  readonly realm: string;
  /** Of the users of the realm: the MD5 of user, realm and password, as a line of an htdigest file has it. */
  readonly users: ReadonlyMap<string, string>;
  /** As of a `PasswordGuard`. */
  readonly standsInFor?: string | undefined;
}

/** What another server says of the request: `auth-url`, filled in for one request. */
export interface ExternalAuthGuard extends Reasoned {
  readonly kind: "external-auth";
  readonly settings: ExternalAuthSettings;
  readonly target: AuthTarget;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Set on the request to the server, over the client's own headers. An empty value takes one away. */
  readonly headers: readonly HeaderLine[];
  /** Where a 401 at this location is sent on to. */
  readonly signin?: string | undefined;
  readonly cache?: { readonly key: string; readonly durations: readonly CacheDuration[] } | undefined;
}

/** Who is meant by the URL of an authentication service. */
export type AuthTarget =
  /** A Service of the cluster, by its DNS name. */
  | { readonly kind: "service"; readonly backend: Backend; readonly scheme: "http" | "https" }
  /** A host that is served here. */
  | { readonly kind: "here"; readonly host: string; readonly scheme: "http" | "https" }
  | {
      readonly kind: "address";
      readonly host: string;
      readonly port: number;
      readonly scheme: "http" | "https";
    }
  /** Nobody: the URL is none. */
  | { readonly kind: "none"; readonly why: string };

/** `satisfy: any`: of these, one that lets a request in is enough. */
export interface AnyOfGuard extends Reasoned {
  readonly kind: "any-of";
  readonly guards: readonly Guard[];
}

/** What the guards of a location are, by the annotations they come from. */
export interface GuardSettings {
  readonly limits?: LimitGuard | undefined;
  readonly addresses?: AddressGuard | undefined;
  readonly password?: PasswordGuard | DigestGuard | undefined;
  readonly external?: ExternalAuthSettings | undefined;
  /** Locations whose path begins so ask nobody who they are (ConfigMap no-auth-locations). */
  readonly openPaths?: readonly string[] | undefined;
  /** Why one of those who ask for a right to come in is enough, where it is; absent where all have to agree. */
  readonly anyOf?: string | undefined;
}

/** Which server is asked about each request, and how: `auth-url` and its kin, or the ConfigMap's `global-auth-url`. */
export interface ExternalAuthSettings {
  /** Who says so: `the annotation auth-url of Ingress default/x`. */
  readonly named: string;
  readonly url: VariableText;
  /** The host of the URL, without a port: what the server is sent as `Host`. */
  readonly host: VariableText;
  /** `auth-method`; absent: GET. */
  readonly method?: string | undefined;
  /** `auth-signin`, with the address to come back to in its query: where a 401 is sent on to. */
  readonly signin?: VariableText | undefined;
  /** `auth-request-redirect`; absent: the request's own target. */
  readonly requestRedirect?: string | undefined;
  /** `auth-response-headers`: what of the answer the backend is told. */
  readonly responseHeaders: readonly string[];
  /** `auth-proxy-set-headers`: what else the server is told. */
  readonly setHeaders: readonly { readonly name: string; readonly value: VariableText }[];
  /** `auth-cache-key`, `auth-cache-duration`. */
  readonly cache?: { readonly key: VariableText; readonly durations: readonly CacheDuration[] } | undefined;
  /** `auth-always-set-cookie`: whether the server's cookie goes with every answer, or with those below 400 alone. */
  readonly cookie: "always" | "below-400";
  /** `auth-keepalive`: asked by Lua, to which 200 alone is a yes, instead of by nginx's auth_request. */
  readonly asker: "auth_request" | "lua";
}

/** How long an answer with one of these statuses is kept; an empty list: 200, 301 and 302 (nginx proxy_cache_valid). */
export interface CacheDuration {
  readonly statuses: readonly number[] | "any";
  readonly ms: number;
}
