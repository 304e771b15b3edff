import type { RequestFacts } from "../model/decision.ts";

/**
 * A `Host` header as a name to look up: without port and trailing dot, lower case.
 *
 * The brackets of an IPv6 literal stay (nginx ngx_http_validate_host). `""` for no host.
 */
export function hostName(header: string): string {
  const name = withoutPort(header);
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
}

/** nginx's `$host`: the name by which a request finds its server. */
export function serverName({ authority, host }: Pick<RequestFacts, "authority" | "host">): string {
  return hostName(authority ?? host);
}

/** A `Host` header without its port, as sent otherwise: what redirects name (lua_ingress.lua redirect_host). */
export function withoutPort(header: string): string {
  const end = header.startsWith("[") ? header.indexOf("]") + 1 : header.indexOf(":");
  return end > 0 ? header.slice(0, end) : header;
}

/** One label that a wildcard stands for, as ingress-nginx writes it: `~^(?<subdomain>[\w-]+)\.example\.com$`. */
const LABEL = /^[\w-]+$/;

/**
 * The wildcard that covers a name: `*.example.com` for `a.example.com`, never for `a.b.example.com` or `example.com`.
 * `undefined` for a name that no wildcard can cover.
 */
export function wildcardOf(name: string): string | undefined {
  const dot = name.indexOf(".");
  if (dot <= 0 || !LABEL.test(name.slice(0, dot))) return undefined;
  return `*${name.slice(dot)}`;
}
