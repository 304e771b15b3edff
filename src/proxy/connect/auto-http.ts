import type { Scheme } from "../../model/decision.ts";
import type { RouteSettings } from "../../model/settings.ts";

/** `backend-protocol: AUTO_HTTP` settled for one request: `proxy_pass $scheme://…` (template.go, buildProxyPass). */
export function settledProtocol(settings: RouteSettings, scheme: Scheme): RouteSettings {
  if (settings.backendProtocol !== "AUTO_HTTP") return settings;
  return { ...settings, backendProtocol: scheme === "https" ? "HTTPS" : "HTTP" };
}
