import type { RequestFacts } from "../model/decision.ts";
import { serverName, withoutPort } from "./host.ts";

/** A `Location`. `production` is the cluster's (ports 80 and 443) where it differs. */
export interface OwnLocation {
  readonly location: string;
  readonly production: string | undefined;
}

/**
 * nginx's absolute URL for a path on this host (ngx_http_header_filter_module.c: absolute_redirect on,
 * port_in_redirect off, server_name_in_redirect off). Other targets, and paths that stay relative, are sent
 * unchanged.
 */
export function ownLocation(request: RequestFacts, target: string, isRelative: boolean): OwnLocation {
  if (isRelative || !target.startsWith("/")) return { location: target, production: undefined };
  const host = withoutPort(serverName(request));
  const production = `${request.scheme}://${host}${target}`;
  if (request.exact) return { location: production, production: undefined };
  return { location: `${request.scheme}://${host}:${request.ports[request.scheme]}${target}`, production };
}
