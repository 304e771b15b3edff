import { isIP } from "node:net";
import type { Forwarded } from "../model/controller.ts";
import type { RequestFacts } from "../model/decision.ts";
import { hasAddress } from "../request/address/address-list.ts";

/**
 * A request under `use-forwarded-headers` and `enable-real-ip`: its address, and the claims of its headers.
 *
 * Source: lua_ingress.lua, rewrite; nginx ngx_http_realip_module.c with `real_ip_recursive on`.
 */
export function withForwardedHeaders(request: RequestFacts, forwarded: Forwarded): RequestFacts {
  const remoteAddress = realAddress(request, forwarded);
  const claims = forwarded.trusts === "all" ? claimsOf(request) : undefined;
  const { proxied } = request;
  // `$proxy_protocol_addr` and `$realip_remote_addr` of nginx.tmpl.
  const connectedFrom = proxied?.address ?? request.remoteAddress;
  return { ...request, remoteAddress, connectedFrom, claims: withProxied(claims, proxied) };
}

/**
 * Searches from the last address for the first untrusted one; the first address if all are trusted. Blanks
 * separate like commas (ngx_inet.c, ngx_http_get_forwarded_addr_internal).
 */
function realAddress(request: RequestFacts, { header, trusted, trusts, hops }: Forwarded): string {
  const written = trusts === "proxy-line" ? "" : (request.header(header) ?? "");
  const listed = written.split(/[ ,]+/).filter((entry) => entry !== "");
  if (request.proxied !== undefined) listed.push(request.proxied.address);
  if (hops !== undefined) return addressOnly(listed.at(-hops)) ?? request.remoteAddress;
  let address = request.remoteAddress;
  while (hasAddress(trusted, address)) {
    const before = withoutPort(listed.pop());
    if (before === undefined) break;
    address = before;
  }
  return address;
}

function addressOnly(entry: string | undefined): string | undefined {
  return entry !== undefined && isIP(entry) !== 0 ? entry : undefined;
}

/** An address with optional port, which is required after brackets (ngx_inet.c, ngx_parse_addr_port). */
function withoutPort(entry: string | undefined): string | undefined {
  if (entry === undefined || isIP(entry) !== 0) return entry;
  const [, six, four, port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(entry) ?? [];
  const address = six ?? four ?? "";
  const isPort = Number(port) >= 1 && Number(port) <= 65_535;
  return isPort && isIP(address) === (six === undefined ? 4 : 6) ? address : undefined;
}

/** The PROXY line's port, and https if that is 443, whatever headers say (lua_ingress.lua, rewrite). */
function withProxied(
  claims: RequestFacts["claims"],
  proxied: RequestFacts["proxied"],
): RequestFacts["claims"] {
  if (proxied === undefined) return claims;
  const scheme = proxied.port === "443" ? "https" : claims?.scheme;
  return { host: claims?.host, scheme, port: claims?.port ?? proxied.port };
}

/**
 * A present header counts, even if empty. Of several hosts the first counts (lua_ingress.lua,
 * parse_x_forwarded_host).
 */
function claimsOf(request: RequestFacts): RequestFacts["claims"] {
  return {
    scheme: request.header("x-forwarded-proto"),
    port: request.header("x-forwarded-port"),
    host: request.header("x-forwarded-host")?.split(",")[0]?.trim(),
  };
}
