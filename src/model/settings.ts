import type { GuardSettings } from "./guard.ts";
import type { Pattern } from "./pattern.ts";
import type { BufferSettings } from "./settings/buffering.ts";
import type { CorsSettings } from "./settings/cors.ts";
import type { ErrorPageSettings } from "./settings/error-pages.ts";
import type { FastCgiSettings } from "./settings/fastcgi.ts";
import type { HeaderSettings } from "./settings/headers.ts";
import type { LimitRate } from "./settings/limit-rate.ts";
import type { MirrorSettings } from "./settings/mirror.ts";
import type { NextUpstream } from "./settings/next-upstream.ts";
import type { ProxySsl } from "./settings/proxy-ssl.ts";
import type { RedirectForm } from "./settings/redirect-form.ts";
import type { ResponseRewriteSettings } from "./settings/response-rewrites.ts";
import type { VariableText } from "./settings/variable-text.ts";

/** `rewrite-target`: what the whole path becomes. */
export interface Rewrite {
  /** `rewrite "(?i)<path>" <target> break`: unanchored, case-insensitive. */
  readonly pattern: Pattern;
  /** Starting with `http://`, `https://` or `$scheme`: a 302 to it. */
  readonly target: VariableText;
}

/** `backend-protocol`: how the pods are spoken to. `AUTO_HTTP` is the scheme that the client came by. */
export type BackendProtocol = "HTTP" | "HTTPS" | "AUTO_HTTP" | "GRPC" | "GRPCS" | "FCGI";

/** What annotations make of a route. Every field is always there: defaults are settled in `compile`. */
export interface RouteSettings {
  readonly rewrite?: Rewrite | undefined;
  /** `permanent-redirect`, `temporal-redirect`. A `location` that is a path is one of the host asked for. */
  readonly redirect?:
    | { readonly status: number; readonly location: string; readonly annotation: string }
    | undefined;
  /** Whether http is redirected to https: where the host has TLS, always (`force-ssl-redirect`), or not at all. */
  readonly sslRedirect: "with-tls" | "always" | "never";
  /** How the pods are spoken to. */
  readonly backendProtocol: BackendProtocol;
  /** `fastcgi-*`. */
  readonly fastCgi?: FastCgiSettings | undefined;
  /** How TLS is spoken to the pods (`proxy-ssl-*`). */
  readonly proxySsl?: ProxySsl | undefined;
  /** Bytes; 0: no limit. */
  readonly bodyLimit: number;
  readonly connectTimeoutMs: number;
  /** Longest pause between two reads of the response, in ms. */
  readonly readTimeoutMs: number;
  /** Longest pause between two writes of the request, in ms. */
  readonly sendTimeoutMs: number;
  readonly cors?: CorsSettings | undefined;
  /** `enable-access-log: "false"`; absent where requests are logged. */
  readonly accessLog?: "off" | undefined;
  /** Absent where every part of it is off. */
  readonly redirectForm?: RedirectForm | undefined;
  /** Who answers in place of a backend that has no endpoints, or answers with an error. */
  readonly errors?: ErrorPageSettings | undefined;
  /** Headers that annotations set, on either way. */
  readonly headers?: HeaderSettings | undefined;
  /** How fast a response is sent. */
  readonly limitRate?: LimitRate | undefined;
  /** Where a copy of each request goes. */
  readonly mirror?: MirrorSettings | undefined;
  /** nginx's buffers, as far as they can be seen; absent: nothing is too long. */
  readonly buffers?: BufferSettings | undefined;
  /** When a request is sent to another upstream; absent: never, but for a connection that was closed under it. */
  readonly nextUpstream?: NextUpstream | undefined;
  /** What annotations change in the headers of the backend's responses. */
  readonly responseRewrites?: ResponseRewriteSettings | undefined;
  /** The location is "denied": an annotation is bad in a way that makes the controller answer every request with 503. */
  readonly denied?: string | undefined;
  /** What is asked of each request before anything else is done for it. Absent where nothing is. */
  readonly guards?: GuardSettings | undefined;
}
