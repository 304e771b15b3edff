import type { ExternalAuthSettings } from "../../../model/guard.ts";
import { parseVariables } from "../../../request/variables.ts";
import type { Feature } from "../annotations.ts";
import type { LocationGuards } from "../locations/location-settings.ts";
import { withLocation } from "../settings.ts";
import { documented } from "./documented.ts";
import { signinWithWayBack } from "./external-auth.ts";
import { cacheOf } from "./external-auth-cache.ts";

/** Locations without authentication. default of config.go, NoAuthLocations */
const NO_AUTH_LOCATIONS = "/.well-known/acme-challenge";

/**
 * `enable-global-auth` (default: true), the ConfigMap's `global-auth-url` for Ingresses without `auth-url`,
 * and `no-auth-locations` (annotations/authreqglobal/main.go; template.go, shouldApplyGlobalAuth).
 */
export const globalAuth: Feature = {
  annotations: documented("External authentication", { Low: "enable-global-auth" }),
  applies: "always",
  apply: (annotations, settings) => {
    const { globalAuth: options } = annotations.world.config.compileTime;
    const enabled = annotations.boolean("enable-global-auth") ?? true;
    const { guards } = settings.location;
    const external = guards?.external ?? (enabled ? readGlobal(options) : undefined);
    if (external === undefined && guards?.password === undefined) return settings;
    const openPaths = (options.get("no-auth-locations") ?? NO_AUTH_LOCATIONS)
      .split(",")
      .map((path) => path.trim())
      .filter((path) => path !== "");
    const all: LocationGuards = { ...guards, external, openPaths };
    return withLocation(settings, { guards: all });
  },
};

function readGlobal(options: ReadonlyMap<string, string>): ExternalAuthSettings | undefined {
  const url = options.get("global-auth-url");
  if (url === undefined) return undefined;
  const host = /^[^/]*\/\/([^/?]*?)(?::\d*)?(?:[/?]|$)/.exec(url)?.[1] ?? "";
  const signin = options.get("global-auth-signin");
  const parameter = options.get("global-auth-signin-redirect-param") ?? "rd";
  return {
    named: "global-auth-url of the controller's ConfigMap",
    url: literally(url),
    host: literally(host),
    method: options.get("global-auth-method"),
    signin: signin === undefined ? undefined : literally(signinWithWayBack(signin, parameter)),
    requestRedirect: options.get("global-auth-request-redirect"),
    responseHeaders: (options.get("global-auth-response-headers") ?? "")
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== ""),
    setHeaders: [],
    cache: cacheOf(options.get("global-auth-cache-key"), options.get("global-auth-cache-duration")),
    cookie: options.get("global-auth-always-set-cookie") === "true" ? "always" : "below-400",
    asker: "auth_request",
  };
}

/** With variables if nginx knows them all, else as text. */
function literally(text: string): ExternalAuthSettings["url"] {
  const parsed = parseVariables(text);
  return parsed.kind === "parsed" ? parsed.text : { source: text, parts: [text] };
}
