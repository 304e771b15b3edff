import type { RequestFacts } from "../model/decision.ts";
import type { Host, RouteTable } from "../model/route.ts";

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

/**
 * The host of the table that a name belongs to: exact, alias with a leading wildcard, wildcard or pattern, else `_`.
 *
 * A wildcard is a regular expression to nginx, and those are tried in the order of the servers.
 */
export function findHost(table: RouteTable, name: string): Host {
  const exact = table.exactHosts.get(name);
  if (exact !== undefined) return exact;
  const suffix = table.suffixHosts.size > 0 ? findSuffix(table, name) : undefined;
  if (suffix !== undefined) return suffix;
  const prefix = table.prefixHosts.size > 0 ? findPrefix(table, name) : undefined;
  if (prefix !== undefined) return prefix;
  const wildcard = table.wildcardHosts.size > 0 ? wildcardOf(name) : undefined;
  const covered = wildcard === undefined ? undefined : table.wildcardHosts.get(wildcard);
  for (const { pattern, host } of table.regexHosts) {
    if (covered !== undefined && covered.name <= host.name) continue;
    const found = pattern.exec(name);
    if (found !== null && found !== "too-complex") return host;
  }
  return covered ?? table.defaultHost;
}

/** nginx's own wildcard names cover any number of labels; the longest wins (ngx_http_server_names). */
function findSuffix(table: RouteTable, name: string): Host | undefined {
  for (let dot = name.indexOf("."); dot !== -1; dot = name.indexOf(".", dot + 1)) {
    const host = table.suffixHosts.get(name.slice(dot));
    if (host !== undefined) return host;
  }
  return undefined;
}

/** The same for those that end in a star. */
function findPrefix(table: RouteTable, name: string): Host | undefined {
  for (let dot = name.lastIndexOf("."); dot > 0; dot = name.lastIndexOf(".", dot - 1)) {
    const host = dot + 1 < name.length ? table.prefixHosts.get(name.slice(0, dot + 1)) : undefined;
    if (host !== undefined) return host;
  }
  return undefined;
}
