import type { RequestFacts } from "../model/decision.ts";
import type { Share } from "../model/route/action.ts";
import type { Route, RouteTable } from "../model/route.ts";
import type { TlsDecision } from "../model/tls.ts";
import { findVirtualHost, isNamed, tlsByName } from "../select/host.ts";
import { entryPointFor } from "../select/table.ts";

const RESET: TlsDecision = { kind: "reject", by: "reset" };

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
  nextShare?: RequestFacts["nextShare"],
): TlsDecision {
  const name = table.plane.readHost(servername ?? "");
  const point = entryPointFor(table, {
    host: name,
    scheme: "https",
    entryPoint,
    tls: { servername: name, verify: "NONE", unknownIssuer: false },
  });
  if (point === undefined) return RESET;
  const { selection } = point;
  const known = isNamed(selection, name) || point.serverName !== undefined ? name || undefined : undefined;
  const { strangers } = table.options;
  // Without an https listener the port is closed.
  if (point.scheme !== "https" && strangers === "reset") return RESET;
  if (known === undefined && point.serverName === undefined && strangers !== undefined)
    return strangers === "reset" ? RESET : { kind: "reject", by: "alert" };
  const host = findVirtualHost(selection, name);
  const own = selection.kind === "list" ? tlsByName(selection, name) : host.tls;
  if (own?.rejected === true) return { kind: "reject", by: "alert" };
  const end: TlsDecision = { kind: "end", servername: known, terms: own?.terms ?? table.options.tls };
  if (own?.joined !== undefined) {
    const joined = shareOf(own.joined, nextShare);
    if (joined === undefined || joined.unusable !== undefined) return RESET;
    return { ...end, joined: { route: own.joined, backend: joined.backend } };
  }
  const isOwn = own?.passed === "every name" || selection.kind === "list" || host.name === name;
  const route = isOwn ? own?.passthrough : undefined;
  const share = route && shareOf(route, nextShare);
  if (route !== undefined && share === undefined && own?.passed !== undefined) return RESET;
  if (route === undefined || share === undefined) return end;
  if (share.unusable !== undefined) return RESET;
  return { kind: "pass", servername: name, route, backend: share.backend, otherwise: end };
}

function shareOf({ action }: Route, nextShare: RequestFacts["nextShare"]): Share | undefined {
  if (action.kind !== "forward") return undefined;
  return action.shares.length > 1 && nextShare !== undefined ? nextShare(action) : action.shares[0];
}
