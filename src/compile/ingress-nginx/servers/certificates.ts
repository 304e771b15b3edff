import type { Secret } from "../../../model/resource.ts";
import type { RouteTable, TlsHost } from "../../../model/route.ts";
import type { ServerDraft } from "../servers.ts";
import type { WwwRedirect } from "./from-to-www-redirect.ts";
import { tlsLookup } from "./tls.ts";

/** Hosts with a certificate of their own, and all names with one. */
export function certificates(
  servers: ReadonlyMap<string, ServerDraft>,
  secrets: ReadonlyMap<string, Secret>,
  redirects: readonly WwwRedirect[],
): Pick<RouteTable, "tlsHosts" | "tlsNames"> {
  const tlsHosts: TlsHost[] = [];
  const tlsNames = new Set<string>();
  const lookup = tlsLookup(secrets);
  const redirected = new Map(redirects.map(({ to, from }) => [to, from]));
  for (const server of servers.values()) {
    const { host, ingresses } = server;
    const owners = ingresses.map(({ ingress }) => ingress);
    const tls = host === "" ? undefined : lookup.ofHost(host, owners);
    if (tls === undefined) continue;
    tlsNames.add(host);
    if (tls.tlsHost === undefined) continue;
    tlsHosts.push(tls.tlsHost);
    // Other names use the host's certificate if it covers them (nginx.go, configureCertificates).
    const from = redirected.get(server);
    for (const alias of from === undefined ? server.aliases : [...server.aliases, from]) {
      const same = lookup.ofOtherName(alias.toLowerCase(), tls.tlsHost, owners);
      if (same === undefined) continue;
      tlsNames.add(same.host);
      tlsHosts.push(same);
    }
  }
  return { tlsHosts, tlsNames };
}
