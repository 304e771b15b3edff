import type { RequestFacts } from "../model/decision.ts";
import { serverName, withoutPort } from "./host.ts";

/** A `Location`, and the cluster's where that is another: its ports are 80 and 443. */
export interface OwnLocation {
  readonly location: string;
  readonly production: string | undefined;
}

/**
 * The URL that nginx makes of a path, of this host (ngx_http_header_filter_module.c: absolute_redirect on,
 * port_in_redirect off, server_name_in_redirect off). Anything else, and a path that is to stay relative, is sent as it is.
 */
export function ownLocation(request: RequestFacts, target: string, isRelative: boolean): OwnLocation {
  if (isRelative || !target.startsWith("/")) return { location: target, production: undefined };
  const host = withoutPort(serverName(request));
  const production = `${request.scheme}://${host}${target}`;
  if (request.exact) return { location: production, production: undefined };
  return { location: `${request.scheme}://${host}:${request.ports[request.scheme]}${target}`, production };
}
