import type { HeaderLine } from "../../../model/decision.ts";
import type {
  AddressGuard,
  DigestGuard,
  ExternalAuthSettings,
  LimitGuard,
  PasswordGuard,
} from "../../../model/guard.ts";
import type { Reason } from "../../../model/reason.ts";
import type { VariableText } from "../../../model/route/variable-text.ts";
import type { CorsStep } from "../../../step/cors.ts";
import type { ErrorPagesStep } from "../../../step/error-pages.ts";
import type { FastCgiStep } from "../../../step/fastcgi.ts";
import type { MirrorStep } from "../../../step/mirror.ts";
import type { RedirectStep } from "../../../step/redirect.ts";
import type { ResponseRewritesStep } from "../../../step/response/response-rewrites.ts";

/** Annotations' settings of every location. `stepsOf` puts them into nginx's order. */
export interface LocationSettings {
  /** The reason for 503 on every request. */
  readonly denied?: Reason | undefined;
  /** `custom-headers` */
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  readonly errorPages?: ErrorPagesStep | undefined;
  readonly cors?: CorsStep | undefined;
  readonly redirect?: RedirectStep | undefined;
  /** Redirects http to https: for hosts with TLS, always (`force-ssl-redirect`), or never. */
  readonly sslRedirect: "with-tls" | "always" | "never";
  readonly redirectForm?: RedirectForm | undefined;
  readonly requestHeaders?: RequestHeaders | undefined;
  readonly guards?: LocationGuards | undefined;
  readonly mirror?: MirrorStep | undefined;
  readonly fastCgi?: FastCgiStep | undefined;
  readonly responseRewrites?: ResponseRewritesStep | undefined;
}

/** The `Location` of redirects to https. */
export interface RedirectForm {
  /** `preserve-trailing-slash` */
  readonly keepsSlash: boolean;
  /** `use-port-in-redirects` */
  readonly namesPort: boolean;
}

export interface RequestHeaders {
  /** `upstream-vhost`: the backend's `Host`. */
  readonly host?: VariableText | undefined;
  /** `connection-proxy-header`: the backend's `Connection`, for upgrades too. */
  readonly connection?: "close" | "keep-alive" | undefined;
  /** `x-forwarded-prefix`: only beside a rewrite (template.go, buildProxyPass). */
  readonly prefix?: VariableText | undefined;
}

/** Guards by annotation. */
export interface LocationGuards {
  readonly limits?: LimitGuard | undefined;
  readonly addresses?: AddressGuard | undefined;
  readonly password?: PasswordGuard | DigestGuard | undefined;
  readonly external?: ExternalAuthSettings | undefined;
  /** ConfigMap no-auth-locations: paths with these beginnings need no authentication. */
  readonly openPaths?: readonly string[] | undefined;
  /** The reason why one guard is enough (`satisfy: any`). default: all must agree */
  readonly anyOf?: string | undefined;
}
