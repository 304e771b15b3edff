import type { Secret } from "../../model/resource.ts";
import type { RouteTable, TlsHost } from "../../model/route.ts";
import type { WwwRedirect } from "./from-to-www-redirect.ts";
import type { ServerDraft } from "./servers.ts";
import { tlsLookup } from "./tls.ts";

/** Hosts that are served with certificates of their own, and all names that have one. */
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
    // Another name is served with its host's certificate where that is good for it (nginx.go, configureCertificates).
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
