import type { RequestFacts } from "../model/decision.ts";
import type { Star } from "../model/route/selection.ts";
import type { RouteTable } from "../model/route.ts";

/**
 * The name to look up from a `Host` header: lower case, without port and trailing dot.
 *
 * IPv6 literals keep their brackets (nginx ngx_http_validate_host). `""`: no host.
 */
export function hostName(header: string): string {
  const name = withoutPort(header);
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
}

/**
 * The host for the search of a route: from a target in absolute form, else from `Host` (RFC 9112 section
 * 3.2.2).
 */
export function hostNameOf(
  { plane }: Pick<RouteTable, "plane">,
  { authority, host }: Pick<RequestFacts, "authority" | "host">,
): string {
  return plane.readHost(authority ?? host);
}

/** nginx's `$host`, which selects the server. */
export function serverName({ authority, host }: Pick<RequestFacts, "authority" | "host">): string {
  return hostName(authority ?? host);
}

/** A `Host` header without its port, for redirects (lua_ingress.lua redirect_host). */
export function withoutPort(header: string): string {
  const end = header.startsWith("[") ? header.indexOf("]") + 1 : header.indexOf(":");
  return end > 0 ? header.slice(0, end) : header;
}

/** The label that a wildcard covers. ingress-nginx writes `~^(?<subdomain>[\w-]+)\.example\.com$`. */
const WORD = /^[\w-]+$/;

/**
 * The wildcard that covers a name: `*.example.com` for `a.example.com`, but not for `a.b.example.com` or
 * `example.com`. `undefined`: no wildcard can cover it.
 */
export function wildcardOf(name: string, star: Star = "word"): string | undefined {
  const dot = name.indexOf(".");
  if (dot === -1 || !mayStandFor(star, name.slice(0, dot))) return undefined;
  return `*${name.slice(dot)}`;
}

function mayStandFor(star: Star, label: string): boolean {
  return star === "none" || (star === "some" ? label !== "" : WORD.test(label));
}

/** The port of the Host header, else the scheme's. */
export function portOrUsual(host: string, proto: string): string {
  const port = /:(\d+)$/.exec(host)?.[1];
  return port ?? (proto === "https" || proto === "wss" ? "443" : "80");
}
