import type { Ingress } from "../../../model/resource.ts";
import type { RouteTable, TlsHost } from "../../../model/route.ts";
import { compileRe2 } from "../../../re2/re2.ts";
import { aliasesByHost } from "../nginx/aliases.ts";
import { certificatesAsked, type HostCertificates } from "../nginx/client-certificates.ts";
import { firstOfHosts } from "../nginx/roots.ts";
import { ServedPaths } from "../nginx/served-paths.ts";
import { expressionHosts, type IngressSource } from "../sources.ts";

/** What the Ingresses mean for each other. */
export interface TraefikWorld {
  /** Hosts whose paths are all expressions. */
  readonly expressions: ReadonlySet<string>;
  /** The paths of each host of "expressions". */
  readonly expressionPaths: ReadonlyMap<string, readonly string[]>;
  /** Further names of a host, of whichever Ingress. */
  readonly aliases: ReadonlyMap<string, readonly string[]>;
  readonly hosts: ReadonlySet<string>;
  readonly served: ServedPaths;
  /** The oldest Ingress of each host. */
  readonly firsts: ReadonlyMap<string, Ingress>;
  /** Hosts that have a default backend already: that of the oldest Ingress. */
  readonly fallbacks: Set<string>;
  /** Hosts with a certificate. */
  readonly tlsHosts: ReadonlyMap<string, TlsHost>;
  /** The demands of hosts on clients. */
  readonly certificates: HostCertificates;
  /** Hosts that are redirected to https where an Ingress does not say otherwise. */
  readonly redirected: ReadonlySet<string>;
}

export function traefikWorld(sources: readonly IngressSource[], tables: readonly RouteTable[]): TraefikWorld {
  const hosts = new Set(sources.flatMap(({ ingress }) => ingress.spec.rules.map(({ host }) => host)));
  const tlsHosts = tables.flatMap((table) => table.tlsHosts);
  const byHost = new Map(tlsHosts.map((host) => [host.host, host]));
  const expressions = expressionHosts(sources);
  return {
    hosts,
    expressions,
    expressionPaths: expressionPathsOf(sources, expressions),
    aliases: aliasesByHost(sources, isExpressible),
    served: new ServedPaths(sources, tables),
    firsts: firstOfHosts(sources),
    fallbacks: new Set(),
    tlsHosts: byHost,
    certificates: withinNamespaces(
      certificatesAsked(
        sources,
        (host) => byHost.has(host) || byHost.has(`*${host.slice(host.indexOf("."))}`),
      ),
      sources,
    ),
    redirected: new Set(tables.flatMap(({ tlsNames }) => [...tlsNames])),
  };
}

/** Traefik knows the TLSOption of a host by its name in the handshake, and a wildcard's rule names none. */
const NO_NAME = "a route of a wildcard has no TLSOption, since its rule names no host";

/** A route takes a TLSOption of its namespace, and a host with several options loses them all. */
function withinNamespaces(
  certificates: HostCertificates,
  sources: readonly IngressSource[],
): HostCertificates {
  const shared = new Set<string>();
  for (const { ingress } of sources)
    for (const { host } of ingress.spec.rules) {
      const asked = certificates.get(host);
      if (asked === undefined || "why" in asked) continue;
      if (asked.by.ingress.metadata.namespace !== ingress.metadata.namespace) shared.add(host);
    }
  const why = "Ingresses of several namespaces share it, and a route takes a TLSOption of its own namespace";
  return new Map(
    [...certificates].map(([host, asked]) => {
      if (host === "" || host.startsWith("*")) return [host, { why: NO_NAME }];
      return [host, shared.has(host) ? { why } : asked];
    }),
  );
}

function isExpressible(alias: string): boolean {
  return !alias.startsWith("~") || compileRe2(alias.slice(1)).kind !== "refused";
}

function expressionPathsOf(
  sources: readonly IngressSource[],
  expressions: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { ingress } of sources)
    for (const { host, paths = [] } of ingress.spec.rules) {
      if (!expressions.has(host)) continue;
      const known = found.get(host) ?? new Set();
      found.set(host, known);
      for (const { path } of paths) known.add(path);
    }
  return new Map([...found].map(([host, paths]) => [host, [...paths]]));
}

/** Expressions of the host that are as long, and that nginx tries later: the order is the text's, backwards. */
export function triedLater({ expressionPaths }: TraefikWorld, host: string, path: string): number {
  const own = Buffer.byteLength(path);
  const others = expressionPaths.get(host) ?? [];
  return others.filter((other) => Buffer.byteLength(other) === own && other < path).length;
}
