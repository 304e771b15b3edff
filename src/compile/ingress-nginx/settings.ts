import type { RouteSettings } from "../../model/settings.ts";

/** What the annotations of one Ingress come to, before they are laid on its paths. */
export interface IngressSettings {
  /** `rewrite-target`, as written. */
  readonly rewriteTarget?: string | undefined;
  /** `use-regex`. */
  readonly useRegex: boolean;
  /** `app-root`. */
  readonly appRoot?: string | undefined;
  /** `server-alias`, in the order of their names. */
  readonly aliases: readonly string[];
  /** `canary`: the Ingress is an alternative to another one, and serves nothing of its own. */
  readonly canary: boolean;
  /** What every path of the Ingress gets. */
  readonly route: Omit<RouteSettings, "rewrite">;
}

/** The defaults of the controller's ConfigMap (internal/ingress/controller/config/config.go). */
export const DEFAULT_ROUTE_SETTINGS: RouteSettings = {
  sslRedirect: "with-tls",
  backendProtocol: "HTTP",
  bodyLimit: 1024 * 1024,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 60_000,
  sendTimeoutMs: 60_000,
};

/** An Ingress without annotations. */
export const DEFAULT_SETTINGS: IngressSettings = {
  useRegex: false,
  aliases: [],
  canary: false,
  route: DEFAULT_ROUTE_SETTINGS,
};
