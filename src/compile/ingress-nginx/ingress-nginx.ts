import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import type { Ingress } from "../../model/resource.ts";
import type { Selection, VirtualHost } from "../../model/route/selection.ts";
import type { Route } from "../../model/route.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { nginxPlane } from "../../plane/nginx.ts";
import type { CompiledByController } from "../controller.ts";
import { httpAndHttps } from "../entry-points.ts";
import type { CompileOptions } from "../options.ts";
import { ingressName } from "../problem.ts";
import { deepInspection } from "./admission/deep-inspection.ts";
import { overlaps } from "./admission/overlap.ts";
import { strictPathTypes } from "./admission/path-types.ts";
import { readSettings } from "./annotations/features.ts";
import { Annotations } from "./annotations.ts";
import { judgeDefaults, ownerlessSettings } from "./config-map/defaults.ts";
import { controllerConfig } from "./config-map.ts";
import { INGRESS_NGINX } from "./facts.ts";
import { defaultBackendService, defaultCertificate, flagProblems, withoutCatchAlls } from "./flags.ts";
import { localDefault } from "./locations/local-default.ts";
import { type SharedParts, serverParts } from "./locations/location-routes.ts";
import { outsideRoute } from "./locations/outside.ts";
import { certificates } from "./servers/certificates.ts";
import { wwwRedirects } from "./servers/from-to-www-redirect.ts";
import { hostTable } from "./servers/host-table.ts";
import { serverSettings } from "./servers/server-settings.ts";
import { writeHosts } from "./servers/virtual-hosts.ts";
import { draftServers, type ServerDraft, type SettledIngress } from "./servers.ts";
import { controllerSteps } from "./steps/controller-steps.ts";
import { stoppingAmong } from "./stops.ts";
import { readStreams } from "./streams.ts";
import { layAffinity } from "./upstreams/affinity.ts";
import { mergeCanaries } from "./upstreams/canaries.ts";
import { draftUpstreams } from "./upstreams/upstream-drafts.ts";
import { type World, worldOf } from "./world.ts";

/** Compiles Ingresses, oldest first, as ingress-nginx v1.15.1 does. */
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
  // Serves all but the Ingresses for which nginx refuses the configuration.
  const others = settled.filter((owner) => !stopping.owners.has(owner));
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
  const { ownDefault, options } = world.config;
  const www = wwwRedirects(drafted.servers);
  const certified = certificates(drafted.servers, world.secrets, www.redirects);
  const shared: SharedParts = {
    upstreams,
    actions: new Map(),
    controller: controllerSteps(options, certified.tlsNames),
    ownerless: ownerlessSettings(world),
    ownBackend: ownDefault.backend,
  };
  const servers = [...drafted.servers.values()];
  const catchAll = catchAllOf(drafted.servers);
  const written = writeHosts(servers, {
    ...shared,
    patterns: new Map(),
    flags: world.flags,
    tls: options.tls,
    locally: localDefault(settled, serverParts(catchAll, serverSettings(catchAll), undefined, shared)),
    blocked: options.blocked,
  });
  append(problems, [...written.problems, ...www.problems]);
  const hosts = [...written.hosts.values()];
  const selection: Selection = {
    kind: "hosts",
    hosts: hostTable(written.hosts, www.redirects, options.blocked),
  };
  const table: CompiledByController["table"] = {
    controller: INGRESS_NGINX.name,
    plane: nginxPlane(options.client),
    options,
    streams: streams.streams,
    entryPoints: httpAndHttps(selection),
    ...certified,
    routes: routesOf(
      hosts,
      settled.map(({ ingress }) => ingress),
    ),
    ...defaultCertificate(world),
    outside: outsideRoute(shared),
  };
  return { table, problems, servers: drafted.servers };
}

/** The server of every unnamed host. */
function catchAllOf(servers: ReadonlyMap<string, ServerDraft>): ServerDraft {
  const found = servers.get("");
  if (found === undefined) throw new Error("there is always a catch-all server");
  return found;
}

/** The world under the controller's options, without invalid defaults of annotations. */
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
  append(problems, annotations.report.problems);
  if (world.config.compileTime.strictPathTypes === "on") append(problems, strictPathTypes(ingress));
  return annotations.report.isRefused ? [] : [{ ingress, settings }];
}

/** Routes of Ingresses, in Ingress and path order. */
function routesOf(hosts: readonly VirtualHost[], ingresses: readonly Ingress[]): readonly Route[] {
  const rank = new Map(ingresses.map((ingress, index) => [ingressName(ingress), index]));
  const routes = new Set(hosts.flatMap(({ entries }) => entries.map(({ route }) => route)));
  const rankOf = ({ ingress }: Route) => rank.get(`${ingress?.namespace}/${ingress?.name}`) ?? 0;
  return [...routes].filter(({ ingress }) => ingress !== undefined).sort((a, b) => rankOf(a) - rankOf(b));
}
