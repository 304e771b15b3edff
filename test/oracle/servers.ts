import type { OracleIngress, OraclePath } from "./resources.ts";

/**
 * The controller's result for Ingresses before its template is filled in.
 *
 * Written only from ingress-nginx (internal/ingress/controller: controller.go createServers and
 * getBackendServers, location.go updateServerLocations, nginx.go configureCertificates), independently of
 * `src`: the test compares two readings of one source.
 */
export interface OracleServer {
  /** `_`: the catch-all. */
  readonly host: string;
  aliases: readonly string[];
  locations: OracleLocation[];
  /** The Ingress whose `tls` section gives the certificate. */
  tls?: OracleIngress | undefined;
  /** A path requests a redirect between this name and its `www.` variant. */
  www: boolean;
}

export interface OracleLocation {
  path: string;
  exact: boolean;
  /** `undefined`: the controller's default backend. */
  service: string | undefined;
  /** The Ingress whose annotations apply. */
  owner: OracleIngress | undefined;
  isDefault: boolean;
  /** The catch-all's location has no redirects and rewrites ("skip for now"). */
  plain: boolean;
}

const CATCH_ALL = "_";

/** Sorted by name, as the template writes them. */
export function controllerServers(ingresses: readonly OracleIngress[]): readonly OracleServer[] {
  const servers = createServers(ingresses);
  for (const ingress of ingresses)
    for (const { host, paths } of ingress.rules)
      for (const path of paths) addLocation(servers.get(host || CATCH_ALL), ingress, path);
  for (const server of servers.values())
    server.locations = updateLocations(
      server.locations.sort((a, b) => Buffer.compare(Buffer.from(b.path), Buffer.from(a.path))).sort(byBytes),
    );
  return [...servers.values()].sort((a, b) => (a.host < b.host ? -1 : 1));
}

function byBytes(a: OracleLocation, b: OracleLocation): number {
  return Buffer.byteLength(b.path) - Buffer.byteLength(a.path);
}

function root(service: string | undefined, owner: OracleIngress | undefined): OracleLocation {
  return { path: "/", exact: false, service, owner, isDefault: true, plain: false };
}

function createServers(ingresses: readonly OracleIngress[]): Map<string, OracleServer> {
  const catchAll = root(undefined, undefined);
  const servers = new Map<string, OracleServer>([
    [CATCH_ALL, { host: CATCH_ALL, aliases: [], locations: [catchAll], www: false }],
  ]);
  for (const ingress of ingresses) {
    const { defaultBackend, rules } = ingress;
    if (defaultBackend !== undefined && rules.length === 0 && catchAll.isDefault)
      Object.assign(catchAll, { service: defaultBackend, owner: ingress, isDefault: false, plain: true });
    for (const { host } of rules) {
      const name = host || CATCH_ALL;
      if (!servers.has(name))
        servers.set(name, {
          host: name,
          aliases: [],
          locations: [root(defaultBackend, ingress)],
          www: false,
        });
    }
  }
  for (const ingress of ingresses) {
    for (const { host } of ingress.rules) {
      const server = servers.get(host || CATCH_ALL);
      if (server === undefined) throw new Error(`no server ${host}`);
      if (server.aliases.length === 0) server.aliases = [...(ingress.settings.serverAlias ?? [])].sort();
      if (host !== "" && ingress.tls.length > 0) server.tls ??= ingress;
    }
  }
  for (const server of servers.values())
    server.aliases = [...new Set(server.aliases)].filter((alias) => !servers.has(alias));
  return servers;
}

function addLocation(
  server: OracleServer | undefined,
  owner: OracleIngress,
  { path, pathType, service }: OraclePath,
): void {
  if (server === undefined) throw new Error("every rule has a server");
  const exact = pathType === "Exact";
  // Only the first location of a path is checked: after one of another type a third is added (`break`).
  const same = server.locations.find((location) => location.path === path);
  if (same === undefined || same.exact !== exact)
    server.locations.push({ path, exact, service, owner, isDefault: false, plain: false });
  else if (same.isDefault) Object.assign(same, { service, owner, isDefault: false });
  else return;
  server.www ||= owner.settings.fromToWww ?? false;
}

/** Names of servers that only redirect to another (nginx.go, buildRedirects). */
export function wwwRedirects(
  servers: readonly OracleServer[],
): readonly (readonly [from: string, to: OracleServer])[] {
  return servers
    .filter(({ www }) => www)
    .map((to) => [to.host.startsWith("www.") ? to.host.slice(4) : `www.${to.host}`, to] as const)
    .filter(([from]) => servers.every(({ host }) => host !== from));
}

/** True if the location is rewritten; asked before and after its path gets a slash. */
export function needsRewrite({ owner, plain, path }: OracleLocation): boolean {
  const target = plain ? undefined : owner?.settings.rewriteTarget;
  return target !== undefined && target !== path;
}

function usesRegex(location: OracleLocation): boolean {
  return needsRewrite(location) || (!location.plain && location.owner?.settings.useRegex === true);
}

/** True if every location of the server is written as a regular expression. */
export function enforcesRegex({ locations }: OracleServer): boolean {
  return locations.some(usesRegex);
}

function updateLocations(locations: readonly OracleLocation[]): OracleLocation[] {
  const exactPaths = new Set(locations.filter(({ exact }) => exact).map(({ path }) => path));
  return locations.flatMap((location) => {
    const { path, exact } = location;
    if (path === "/" || exact || usesRegex(location)) return [location];
    const prefix = { ...location, path: path.endsWith("/") ? path : `${path}/` };
    return exactPaths.has(path) ? [prefix] : [prefix, { ...location, exact: true }];
  });
}

/**
 * Names with a configured certificate. A Secret stands for a certificate of exactly its listed hosts. Without
 * one the controller's fake certificate serves the host, but no alias.
 */
export function certificateNames(servers: readonly OracleServer[]): readonly string[] {
  const redirects = wwwRedirects(servers);
  return servers.flatMap((server) => {
    const { host, aliases, tls } = server;
    const others = redirects.flatMap(([from, to]) => (to === server ? [from] : []));
    if (tls === undefined) return [];
    const entry =
      tls.tls.find(({ hosts }) => hosts.includes(host)) ??
      tls.tls.find(
        ({ secretName }) =>
          secretName !== undefined && hostsOf(tls, secretName).some((name) => covers(name, host)),
      );
    const names = entry?.secretName === undefined ? [] : hostsOf(tls, entry.secretName);
    return [host, ...[...aliases, ...others].filter((alias) => names.some((name) => covers(name, alias)))];
  });
}

function hostsOf({ tls }: OracleIngress, secret: string): readonly string[] {
  return tls.flatMap(({ hosts, secretName }) => (secretName === secret ? hosts : []));
}

function covers(name: string, host: string): boolean {
  return name === host || (name.startsWith("*.") && host.replace(/^[^.]+/, "*") === name);
}
