import type { Host, RouteTable } from "../model/route.ts";
import { wildcardOf } from "../request/host.ts";

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
