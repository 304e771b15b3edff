import type { GuardSettings } from "./guard.ts";
import type { Pattern } from "./pattern.ts";
import type { Reason } from "./reason.ts";
import type { CorsSettings } from "./settings/cors.ts";
import type { ErrorPageSettings } from "./settings/error-pages.ts";
import type { FastCgiSettings } from "./settings/fastcgi.ts";
import type { HeaderSettings } from "./settings/headers.ts";
import type { MirrorSettings } from "./settings/mirror.ts";
import type { RedirectForm } from "./settings/redirect-form.ts";
import type { ResponseRewriteSettings } from "./settings/response-rewrites.ts";
import type { VariableText } from "./variable-text.ts";

/** `rewrite-target`: what the whole path becomes. */
export interface Rewrite {
  /** `rewrite "(?i)<path>" <target> break`: unanchored, case-insensitive. */
  readonly pattern: Pattern;
  /** Starting with `http://`, `https://` or `$scheme`: a 302 to it. */
  readonly target: VariableText;
}

/** What annotations make of a route. Every field is always there: defaults are settled in `compile`. */
export interface RouteSettings {
  readonly rewrite?: Rewrite | undefined;
  /** `permanent-redirect`, `temporal-redirect`. A `location` that is a path is one of the host asked for. */
  readonly redirect?:
    | {
        readonly status: number;
        readonly location: string;
        readonly annotation: "permanent-redirect" | "temporal-redirect";
      }
    | undefined;
  /** Whether http is redirected to https: where the host has TLS, always (`force-ssl-redirect`), or not at all. */
  readonly sslRedirect: "with-tls" | "always" | "never";
  /** `fastcgi-*`. */
  readonly fastCgi?: FastCgiSettings | undefined;
  readonly cors?: CorsSettings | undefined;
  /** Absent where every part of it is off. */
  readonly redirectForm?: RedirectForm | undefined;
  /** Who answers in place of a backend that has no endpoints, or answers with an error. */
  readonly errors?: ErrorPageSettings | undefined;
  /** Headers that annotations set, on either way. */
  readonly headers?: HeaderSettings | undefined;
  /** Where a copy of each request goes. */
  readonly mirror?: MirrorSettings | undefined;
  /** What annotations change in the headers of the backend's responses. */
  readonly responseRewrites?: ResponseRewriteSettings | undefined;
  /** The location is "denied": an annotation is bad in a way that makes the controller answer every request with 503. */
  readonly denied?: Reason | undefined;
  /** What is asked of each request before anything else is done for it. Absent where nothing is. */
  readonly guards?: GuardSettings | undefined;
}
