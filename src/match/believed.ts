import { isIP } from "node:net";
import type { Forwarded } from "../model/controller.ts";
import type { RequestFacts } from "../model/decision.ts";
import { hasAddress } from "../request/address-list.ts";

/**
 * A request as it is taken where the client's own headers are believed (`use-forwarded-headers`, `enable-real-ip`): its
 * address, and what it says that it asked for.
 *
 * Source: lua_ingress.lua, rewrite; nginx ngx_http_realip_module.c with `real_ip_recursive on`.
 */
export function believed(request: RequestFacts, forwarded: Forwarded): RequestFacts {
  const remoteAddress = realAddress(request, forwarded);
  const claims = forwarded.believed === "all" ? claimsOf(request) : undefined;
  const { proxied } = request;
  // `$proxy_protocol_addr` and `$realip_remote_addr` of nginx.tmpl.
  const connectedFrom = proxied?.address ?? request.remoteAddress;
  return { ...request, remoteAddress, connectedFrom, claims: withProxied(claims, proxied) };
}

/**
 * From the last address on, one further for each that is trusted; the first one where all of them are. Blanks part them as
 * commas do (ngx_inet.c, ngx_http_get_forwarded_addr_internal).
 */
function realAddress(request: RequestFacts, { header, trusted, believed }: Forwarded): string {
  const written = believed === "proxy-line" ? "" : (request.header(header) ?? "");
  const listed = written.split(/[ ,]+/).filter((entry) => entry !== "");
  if (request.proxied !== undefined) listed.push(request.proxied.address);
  let address = request.remoteAddress;
  while (hasAddress(trusted, address)) {
    const before = withoutPort(listed.pop());
    if (before === undefined) break;
    address = before;
  }
  return address;
}

/** An address, perhaps with a port behind it, which one in brackets has to have (ngx_inet.c, ngx_parse_addr_port). */
function withoutPort(entry: string | undefined): string | undefined {
  if (entry === undefined || isIP(entry) !== 0) return entry;
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(entry) ?? [];
  const address = six ?? four ?? "";
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  return isPort && isIP(address) === (six === undefined ? 4 : 6) ? address : undefined;
}

/** The port that a PROXY line names, and https where that is 443, whatever headers say (lua_ingress.lua, rewrite). */
function withProxied(
  claims: RequestFacts["claims"],
  proxied: RequestFacts["proxied"],
): RequestFacts["claims"] {
  if (proxied === undefined) return claims;
  const scheme = proxied.port === "443" ? "https" : claims?.scheme;
  return { host: claims?.host, scheme, port: claims?.port ?? proxied.port };
}

/**
 * A header that is there is believed, whatever it says, even nothing. Of several hosts the first is
 * (lua_ingress.lua, parse_x_forwarded_host).
 */
function claimsOf(request: RequestFacts): RequestFacts["claims"] {
  return {
    scheme: request.header("x-forwarded-proto"),
    port: request.header("x-forwarded-port"),
    host: request.header("x-forwarded-host")?.split(",")[0]?.trim(),
  };
}
