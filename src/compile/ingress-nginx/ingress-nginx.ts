import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import { reason } from "../../model/reason.ts";
import type { Ingress, Secret } from "../../model/resource.ts";
import type { Host, Route, RouteTable, TlsHost } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { compilePattern } from "../../pcre/pattern.ts";
import { nginxPlane } from "../../plane/nginx.ts";
import type { CompiledByController } from "../controller.ts";
import type { CompileOptions } from "../options.ts";
import { ingressName, problemOf } from "../problem.ts";
import { defaultBackendRoute, hostOf, notFoundRoute } from "../route.ts";
import { deepInspection } from "./admission/deep-inspection.ts";
import { overlaps } from "./admission/overlap.ts";
import { strictPathTypes } from "./admission/path-types.ts";
import { layAffinity } from "./affinity.ts";
import { readSettings } from "./annotations/features.ts";
import { Annotations } from "./annotations.ts";
import { mergeCanaries } from "./canaries.ts";
import { judgeDefaults, ownerlessParts } from "./config-map/defaults.ts";
import { controllerConfig } from "./config-map.ts";
import { INGRESS_NGINX } from "./facts.ts";
import { defaultBackendService, defaultCertificate, flagProblems, withoutCatchAlls } from "./flags.ts";
import { redirectHost, type WwwRedirect, wwwRedirects } from "./from-to-www-redirect.ts";
import {
  needsRegex,
  type PatternCache,
  type SharedParts,
  slashlessPaths,
  writeLocations,
} from "./locations.ts";
import { serverSettings } from "./server-settings.ts";
import { draftServers, type ServerDraft, type SettledIngress } from "./servers.ts";
import { passthroughOf } from "./ssl-passthrough.ts";
import { stoppingAmong } from "./stops.ts";
import { readStreams } from "./streams.ts";
import { tlsLookup } from "./tls.ts";
import { balancedRoute, draftUpstreams, type UpstreamDrafts } from "./upstream-drafts.ts";
import { type World, worldOf } from "./world.ts";

/** What ingress-nginx v1.15.1 makes of the Ingresses it serves, oldest first. */
export function compileIngressNginx(
  ingresses: readonly Ingress[],
  snapshot: Snapshot,
  options: Pick<CompileOptions, "configMap" | "flags" | "standIns" | "clientAddress">,
): CompiledByController {
  const problems: Problem[] = [];
  const world = judgedWorld(snapshot, options, problems);
  const catchAlls = withoutCatchAlls(ingresses, world.flags);
  append(problems, catchAlls.problems);
  const settled = catchAlls.kept.flatMap((ingress) => settle(ingress, world, problems));
  append(problems, overlaps(settled));
  const whole = layOut(settled, world, snapshot);
  const stopping = stoppingAmong(settled, whole.servers);
  append(problems, stopping.problems);
  if (stopping.owners.size === 0) return { table: whole.table, problems: [...problems, ...whole.problems] };
  // The rest is served: all but the Ingresses that nginx refuses the configuration for.
  const others = settled.filter((one) => !stopping.owners.has(one));
  const rest = layOut(others, world, snapshot);
  append(problems, whole.problems.filter(isStop));
  append(
    problems,
    rest.problems.filter((problem) => !isStop(problem)),
  );
  return { table: rest.table, problems };
}

function isStop({ stops }: Problem): boolean {
  return stops !== undefined;
}

/** The table of Ingresses, with what is wrong in it. */
interface Layout extends CompiledByController {
  readonly servers: ReadonlyMap<string, ServerDraft>;
}

function layOut(settled: readonly SettledIngress[], world: World, snapshot: Snapshot): Layout {
  const upstreams = draftUpstreams(settled, world);
  const drafted = draftServers(settled, upstreams);
  const problems = [...drafted.problems];
  layAffinity(settled, drafted.servers, upstreams);
  append(problems, mergeCanaries(settled, drafted.servers, upstreams));
  const streams = readStreams(snapshot.configMaps);
  append(problems, streams.problems);
  const patterns: PatternCache = new Map();
  const ownerless = ownerlessParts(world);
  const { ownDefault, options } = world.config;
  const shared: SharedParts = {
    ...{ patterns, upstreams, ownerless },
    ownBackend: ownDefault.backend,
    flags: world.flags,
    tls: options.tls,
  };
  const hosts = [...drafted.servers.values()].map((server) => writeHost(server, shared, problems));
  const www = wwwRedirects(drafted.servers);
  append(problems, www.problems);
  const table: CompiledByController["table"] = {
    controller: INGRESS_NGINX.name,
    plane: nginxPlane(options.client),
    options,
    streams: streams.streams,
    ...byName(hosts, www.redirects),
    ...certificates(drafted.servers, world.secrets, www.redirects),
    routes: routesOf(
      hosts,
      settled.map(({ ingress }) => ingress),
    ),
    strayDefault: strayDefault(settled, upstreams),
    ...defaultCertificate(world),
    outside: ownerless.settings.errors && notFoundRoute("", ownerless, []),
  };
  return { table, problems, servers: drafted.servers };
}

/** The world under the controller's options, without the defaults of annotations that are worth nothing. */
function judgedWorld(
  snapshot: Snapshot,
  { configMap, ...started }: Pick<CompileOptions, "configMap" | "flags" | "standIns" | "clientAddress">,
  problems: Problem[],
): World {
  const config = controllerConfig(snapshot.configMaps, configMap);
  const world = worldOf(snapshot, config, started);
  const { annotationDefaults, problems: found } = judgeDefaults(world);
  append(problems, [...flagProblems(world), ...config.problems, ...found]);
  const ownDefault = { ...config.ownDefault, backend: defaultBackendService(world) };
  return worldOf(snapshot, { ...config, annotationDefaults, ownDefault }, started);
}

function settle(ingress: Ingress, world: World, problems: Problem[]): SettledIngress[] {
  const inspected = deepInspection(ingress);
  if (inspected !== undefined) {
    problems.push(inspected);
    return [];
  }
  const annotations = new Annotations(ingress, world);
  const settings = readSettings(annotations);
  append(problems, annotations.problems);
  if (world.config.compileTime.strictPathTypes === "on") append(problems, strictPathTypes(ingress));
  return annotations.refused ? [] : [{ ingress, settings }];
}

function writeHost(server: ServerDraft, shared: SharedParts, problems: Problem[]): Host {
  const written = writeLocations(server, shared);
  append(problems, [...written.problems, ...regexByOthers(server)]);
  const { regex, appRoot, locations } = written;
  const slashless = slashlessPaths(locations);
  const passthrough = passthroughOf(server, locations, shared.flags);
  append(problems, passthrough.problems);
  const { aliases } = server;
  const settings = serverSettings(server, passthrough.route, shared.tls);
  return hostOf(server.host || "_", locations, { regex, appRoot, slashless, aliases, server: settings });
}

/** A warning for each Ingress whose plain paths become regular expressions through another Ingress of the same host. */
function regexByOthers(server: ServerDraft): readonly Problem[] {
  const cause = server.locations.find(needsRegex)?.owner;
  if (cause === undefined) return [];
  const plain = server.locations.filter((draft) => draft.rule !== undefined && !needsRegex(draft));
  const touched = new Set(
    plain.flatMap(({ owner }) => (owner === undefined || owner === cause ? [] : [owner])),
  );
  const setting = cause.settings.useRegex ? "use-regex" : "rewrite-target";
  return [...touched].map(({ ingress }) =>
    problemOf(ingress, {
      code: "regex-host",
      level: "warning",
      field: "spec.rules",
      message: `every path of host "${server.host || "_"}" in Ingress ${ingressName(ingress)} is matched as a regular expression, without regard to case, because Ingress ${ingressName(cause.ingress)} sets ${setting}`,
      fix: `Give the paths that need ${setting} a host of their own, or write the others so that they are right as expressions.`,
    }),
  );
}

function byName(
  hosts: readonly Host[],
  redirects: readonly WwwRedirect[],
): Pick<
  RouteTable,
  "exactHosts" | "wildcardHosts" | "suffixHosts" | "prefixHosts" | "regexHosts" | "defaultHost"
> {
  const [defaultHost, ...named] = hosts;
  if (defaultHost === undefined) throw new Error("there is always a catch-all server");
  const exactHosts = new Map<string, Host>();
  const wildcardHosts = new Map<string, Host>();
  const suffixHosts = new Map<string, Host>();
  const prefixHosts = new Map<string, Host>();
  const regexHosts: RouteTable["regexHosts"][number][] = [];
  for (const host of named) (host.name.startsWith("*.") ? wildcardHosts : exactHosts).set(host.name, host);
  const byHost = new Map(named.map((host) => [host.name, host]));
  for (const redirect of redirects)
    exactHosts.set(redirect.from, redirectHost(redirect, byHost.get(redirect.to.host)));
  // Servers are written by name, and of two with the same alias nginx takes the first (controller.go, getBackendServers).
  const inOrder = [...hosts].sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const host of inOrder) {
    for (const alias of host.aliases) {
      const name = alias.toLowerCase();
      const compiled = alias.startsWith("~") ? compilePattern(alias.slice(1), "anywhere") : undefined;
      if (compiled?.kind === "compiled") {
        regexHosts.push({ pattern: compiled.pattern, host });
      } else if (alias.startsWith("*.")) addFirst(suffixHosts, name.slice(1), host);
      else if (alias.endsWith(".*")) addFirst(prefixHosts, name.slice(0, -1), host);
      else if (alias.startsWith(".")) {
        addFirst(exactHosts, name.slice(1), host);
        addFirst(suffixHosts, name, host);
      } else addFirst(exactHosts, name, host);
    }
  }
  return { exactHosts, wildcardHosts, suffixHosts, prefixHosts, regexHosts, defaultHost };
}

function addFirst(hosts: Map<string, Host>, name: string, host: Host): void {
  if (!hosts.has(name)) hosts.set(name, host);
}

function certificates(
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

/** Every route that an Ingress made, in the order of the Ingresses and of the paths in them. */
function routesOf(hosts: readonly Host[], ingresses: readonly Ingress[]): readonly Route[] {
  const rank = new Map(ingresses.map((ingress, index) => [ingressName(ingress), index]));
  const routes = new Set(hosts.flatMap(({ locations }) => locations.map(({ route }) => route)));
  const rankOf = ({ ingress }: Route) => rank.get(`${ingress?.namespace}/${ingress?.name}`) ?? 0;
  return [...routes].filter(({ ingress }) => ingress !== undefined).sort((a, b) => rankOf(a) - rankOf(b));
}

/** See `RouteTable.strayDefault`: the oldest Ingress that has both rules and a default backend. */
function strayDefault(settled: readonly SettledIngress[], upstreams: UpstreamDrafts): Route | undefined {
  const owner = settled.find(
    ({ ingress: { spec }, settings }) =>
      settings.canary === undefined && spec.defaultBackend?.kind === "service" && spec.rules.length > 0,
  );
  if (owner === undefined) return undefined;
  const settings = { ...owner.settings.route, sslRedirect: "never", redirect: undefined } as const;
  const why =
    "no Ingress names this host, and the Kubernetes documentation sends what no rule matches here (ingress-nginx itself answers 404)";
  const { transport } = owner.settings;
  const route = defaultBackendRoute(owner.ingress, "", { settings, transport }, [
    reason("no-rule-for-host", why),
  ]);
  return balancedRoute(route, upstreams);
}
