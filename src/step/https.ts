import { reason } from "../model/reason.ts";
import { serverName, wildcardOf, withoutPort } from "../request/host.ts";
import { entryPointOf } from "../select/table.ts";
import { type Arrival, isListed } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Redirects http to https: `ssl-redirect`, `force-ssl-redirect` (lua_ingress.lua, redirect_to_https and rewrite). */
export interface HttpsStep {
  readonly kind: "https";
  /** Names with a certificate, or every name (`force-ssl-redirect`). */
  readonly when: "certificate" | "always";
  /** `no-tls-redirect-locations`: paths with these beginnings are not redirected. */
  readonly except: readonly string[];
  /** `http-redirect-code` */
  readonly status: number;
  /** `preserve-trailing-slash` */
  readonly keepsSlash: boolean;
  /** `use-port-in-redirects` */
  readonly namesPort: boolean;
}

export function redirectToHttps(at: Arrival, step: HttpsStep): Change | undefined {
  const { table, request, route, location } = at;
  const { when, except, status, keepsSlash, namesPort } = step;
  // `$pass_access_scheme`: a trusted client may have used https to a load balancer.
  if ((request.claims?.scheme ?? request.scheme) !== "http" || isListed(location, except)) return undefined;
  if (when === "certificate" && !hasCertificate(table, serverName(request))) return undefined;
  // Without Host the catch-all server's name (`$host`).
  const host = withoutPort(request.claims?.host ?? request.host) || "_";
  // Removes one trailing slash of the raw request URI, query included, unless preserve-trailing-slash is set.
  const uri = keepsSlash ? request.target : request.target.replace(/\/$/, "");
  const production = `https://${host}${namesPort ? `:${entryPointOf(table, "https").port}` : ""}${uri}`;
  const local = `https://${host}:${request.ports.https}${uri}`;
  const cause =
    when === "always"
      ? "force-ssl-redirect is set"
      : "the host has TLS, and ssl-redirect is on unless switched off";
  return {
    decision: {
      kind: "redirect",
      status,
      location: request.exact ? production : local,
      production: request.exact ? undefined : production,
      route,
      why: [reason("ssl-redirect", `http is redirected to https: ${cause}`), ...route.why],
    },
  };
}

/** True if the name, or the wildcard that covers it, has a certificate (certificate.lua). */
function hasCertificate({ tlsNames }: Arrival["table"], name: string): boolean {
  if (tlsNames.has(name)) return true;
  const wildcard = wildcardOf(name);
  return wildcard !== undefined && tlsNames.has(wildcard);
}
