import type { HeaderLine } from "../../model/decision.ts";
import type {
  AddressGuard,
  DigestGuard,
  ExternalAuthSettings,
  LimitGuard,
  PasswordGuard,
} from "../../model/guard.ts";
import type { Reason } from "../../model/reason.ts";
import type { VariableText } from "../../model/variable-text.ts";
import type { CorsStep } from "../../step/cors.ts";
import type { ErrorPagesStep } from "../../step/error-pages.ts";
import type { FastCgiStep } from "../../step/fastcgi.ts";
import type { MirrorStep } from "../../step/mirror.ts";
import type { RedirectStep } from "../../step/redirect.ts";
import type { ResponseRewritesStep } from "../../step/response-rewrites.ts";

/** What annotations say of every location of an Ingress. `stepsOf` puts it into nginx's order. */
export interface LocationSettings {
  /** An annotation is bad in a way that makes the controller answer every request with 503. */
  readonly denied?: Reason | undefined;
  /** `custom-headers`: set on every response. */
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  readonly errorPages?: ErrorPagesStep | undefined;
  readonly cors?: CorsStep | undefined;
  readonly redirect?: RedirectStep | undefined;
  /** http is redirected to https on hosts with TLS, always (`force-ssl-redirect`), or never. */
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
  /** `preserve-trailing-slash`. */
  readonly keepsSlash: boolean;
  /** `use-port-in-redirects`. */
  readonly namesPort: boolean;
}

/** Headers that annotations set on requests to the backend. */
export interface RequestHeaders {
  /** `upstream-vhost`: the backend's `Host`. */
  readonly host?: VariableText | undefined;
  /** `connection-proxy-header`: the backend's `Connection`, an upgrade's too. */
  readonly connection?: "close" | "keep-alive" | undefined;
  /** `x-forwarded-prefix`: set only where `rewrite-target` rewrites (template.go, buildProxyPass). */
  readonly prefix?: VariableText | undefined;
}

/** Guards by the annotations that they come from. */
export interface LocationGuards {
  readonly limits?: LimitGuard | undefined;
  readonly addresses?: AddressGuard | undefined;
  readonly password?: PasswordGuard | DigestGuard | undefined;
  readonly external?: ExternalAuthSettings | undefined;
  /** Locations whose path begins so ask for no password and no service (ConfigMap no-auth-locations). */
  readonly openPaths?: readonly string[] | undefined;
  /** Why one of those who ask in the access phase is enough (`satisfy: any`). default: all have to agree */
  readonly anyOf?: string | undefined;
}
