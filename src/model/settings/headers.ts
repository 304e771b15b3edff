import type { HeaderLine } from "../decision.ts";
import type { VariableText } from "../variable-text.ts";

/** Headers that annotations set: on the request to the backend, and on the response to the client. */
export interface HeaderSettings {
  /** `upstream-vhost`: the backend's `Host`. */
  readonly host?: VariableText | undefined;
  /** `x-forwarded-prefix`: `X-Forwarded-Prefix`, only where `rewrite-target` rewrites (template.go, buildProxyPass). */
  readonly prefix?: VariableText | undefined;
  /** `connection-proxy-header`: the backend's `Connection`, an upgrade's too. */
  readonly connection?: "close" | "keep-alive" | undefined;
  /** `custom-headers`: set on every response of the location. */
  readonly response?: readonly HeaderLine[] | undefined;
}
