import type { Decision } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { RouteTable } from "../../model/route.ts";
import { serverName, wildcardOf, withoutPort } from "../../request/host.ts";
import { type Arrival, isListed } from "./arrival.ts";

/** `ssl-redirect`, `force-ssl-redirect` (lua_ingress.lua, redirect_to_https and rewrite). */
export function redirectToHttps({ table, request, route, location }: Arrival): Decision | undefined {
  const { sslRedirect } = route.settings;
  // `$pass_access_scheme`: a client that is believed may have come by https to something in front.
  const scheme = request.claims?.scheme ?? request.scheme;
  if (scheme !== "http" || sslRedirect === "never") return undefined;
  const { noTlsRedirect, redirectStatus } = table.options;
  if (isListed(location, noTlsRedirect)) return undefined;
  const forced = sslRedirect === "always";
  if (!forced && !hasCertificate(table, serverName(request))) return undefined;
  // Without a Host header the name of the catch-all server stands in (`$host`).
  const host = withoutPort(request.claims?.host ?? request.host) || "_";
  // One trailing slash is cut off the raw request URI, query included, unless preserve-trailing-slash is set.
  const { keepsSlash = false, namesPort = false } = route.settings.redirectForm ?? {};
  const uri = keepsSlash ? request.target : request.target.replace(/\/$/, "");
  const production = `https://${host}${namesPort ? ":443" : ""}${uri}`;
  const local = `https://${host}:${request.ports.https}${uri}`;
  const cause = forced
    ? "force-ssl-redirect is set"
    : "the host has TLS, and ssl-redirect is on unless switched off";
  return {
    kind: "redirect",
    status: redirectStatus,
    location: request.exact ? production : local,
    production: request.exact ? undefined : production,
    route,
    why: [reason("ssl-redirect", `http is redirected to https: ${cause}`), ...route.why],
  };
}

/** Whether a certificate is configured for a name, or for the wildcard that covers it (certificate.lua). */
function hasCertificate(table: RouteTable, name: string): boolean {
  if (table.tlsNames.size === 0) return false;
  if (table.tlsNames.has(name)) return true;
  const wildcard = wildcardOf(name);
  return wildcard !== undefined && table.tlsNames.has(wildcard);
}
