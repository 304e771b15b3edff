import type { Decision } from "../../model/decision.ts";
import type { RouteTable } from "../../model/route.ts";
import { hostName, wildcardOf, withoutPort } from "../host.ts";
import type { Arrival } from "./arrival.ts";

/** Locations below it are never redirected to https (ConfigMap no-tls-redirect-locations, default). */
const ACME_CHALLENGE = "/.well-known/acme-challenge";

/** `ssl-redirect`, `force-ssl-redirect` (lua_ingress.lua, redirect_to_https and rewrite). */
export function redirectToHttps({ table, request, route }: Arrival): Decision | undefined {
  const { sslRedirect } = route.settings;
  if (request.scheme !== "http" || sslRedirect === "never") return undefined;
  if (route.rule?.path.startsWith(ACME_CHALLENGE)) return undefined;
  const forced = sslRedirect === "always";
  if (!forced && !hasCertificate(table, hostName(request.host))) return undefined;
  // Without a Host header the name of the catch-all server stands in (`$host`).
  const host = withoutPort(request.host) || "_";
  // One trailing slash is cut off the raw request URI, query included.
  const uri = request.target.replace(/\/$/, "");
  const production = `https://${host}${uri}`;
  const local = `https://${host}:${request.ports.https}${uri}`;
  const reason = forced
    ? "force-ssl-redirect is set"
    : "the host has TLS, and ssl-redirect is on unless switched off";
  return {
    kind: "redirect",
    status: 308,
    location: request.exact ? production : local,
    production: request.exact ? undefined : production,
    route,
    why: [`http is redirected to https: ${reason}`, ...route.why],
  };
}

/** Whether a certificate is configured for a name, or for the wildcard that covers it (certificate.lua). */
function hasCertificate(table: RouteTable, name: string): boolean {
  if (table.tlsNames.size === 0) return false;
  if (table.tlsNames.has(name)) return true;
  const wildcard = wildcardOf(name);
  return wildcard !== undefined && table.tlsNames.has(wildcard);
}
