import type { VariableText } from "./variable-text.ts";

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
