import { mainBackend, type RouteTable } from "../model/route.ts";
import type { TlsDecision } from "../model/tls.ts";
import { findVirtualHost, isNamed, tlsByName } from "../select/host.ts";
import { entryPointOf } from "../select/table.ts";

/**
 * The handling of a TLS connection with this SNI, or without one. Never throws.
 *
 * `ssl-passthrough` needs exactly the host's name (pkg/tcpproxy/tcp.go, Get); otherwise nginx selects the
 * server (ngx_http_ssl_servername).
 */
export function matchTls(
  table: RouteTable,
  servername: string | undefined,
  entryPoint?: string | undefined,
): TlsDecision {
  const name = table.plane.readHost(servername ?? "");
  const { selection } = entryPointOf(table, "https", entryPoint);
  const known = isNamed(selection, name) ? name : undefined;
  if (known === undefined && table.options.strangers === "rejected") return { kind: "reject" };
  const host = findVirtualHost(selection, name);
  const own = selection.kind === "list" ? tlsByName(selection, name) : host.tls;
  const end: TlsDecision = { kind: "end", servername: known, terms: own?.terms ?? table.options.tls };
  const isOwn = selection.kind === "list" || host.name === name;
  const route = isOwn ? own?.passthrough : undefined;
  const backend = route && mainBackend(route);
  if (route === undefined || backend === undefined) return end;
  return { kind: "pass", servername: name, route, backend, otherwise: end };
}
