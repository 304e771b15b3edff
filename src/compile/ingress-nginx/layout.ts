import { append } from "../../append.ts";
import type { Problem } from "../../model/problem.ts";
import type { Selection, VirtualHost } from "../../model/route/selection.ts";
import type { TlsHost } from "../../model/route.ts";
import type { Steps } from "../../steps.ts";
import type { CompiledByController, OwnRoute } from "../controller.ts";
import { type Revision, supplied } from "../memory.ts";
import { httpAndHttps } from "../shared/entry-points.ts";
import { FLAGS, namedObjects } from "../world.ts";
import { CONFIG, PLANE } from "./config.ts";
import { INGRESS_NGINX } from "./facts.ts";
import { defaultCertificate } from "./flags.ts";
import { OUTSIDE } from "./locations/outside.ts";
import { CERTIFICATES, HAS_CERTIFICATE, SOME_CERTIFICATE } from "./servers/certificates.ts";
import { hostTable } from "./servers/host-table.ts";
import { REDIRECTING_HOST } from "./servers/redirecting-host.ts";
import { HOST } from "./servers/virtual-hosts.ts";
import { SERVER, type ServerDraft } from "./servers.ts";
import type { SettledIngress } from "./settling.ts";
import { STREAMS } from "./streams.ts";
import type { Survey } from "./survey.ts";
import { CANARIES } from "./upstreams/canaries.ts";
import { MERGED } from "./upstreams/upstream.ts";

/** The table of settled Ingresses, whose survey is told. */
export function* layOut(
  { servers: names }: Survey,
  settled: readonly SettledIngress[],
  revision: Revision,
): Steps<CompiledByController> {
  const problems: Problem[] = [];
  const servers: ServerDraft[] = [];
  for (const name of names) {
    const server = yield* revision.inSteps(SERVER, name);
    servers.push(server);
    append(problems, server.problems);
    yield;
  }
  const canaries = yield* revision.inSteps(CANARIES);
  append(problems, canaries.problems);
  const streams = revision.for(STREAMS);
  append(problems, streams.problems);
  const certified = yield* certificatesOf(servers, revision);
  yield* revision.supply(
    supplied(MERGED, (name) => canaries.merged.get(name), { from: canaries.merged }),
    supplied(HAS_CERTIFICATE, (name) => certified.tlsNames.has(name)),
    supplied(SOME_CERTIFICATE, () => certified.tlsNames.size > 0),
  );
  const hosts: [ServerDraft, VirtualHost][] = [];
  const redirecting: VirtualHost[] = [];
  const routes: OwnRoute[] = [];
  for (const server of servers) {
    const written = yield* revision.inSteps(HOST, server.host);
    hosts.push([server, written.host]);
    append(routes, written.routes);
    append(problems, written.problems);
    if (server.www?.from !== undefined) {
      const other = yield* revision.inSteps(REDIRECTING_HOST, server.host);
      if (other !== undefined) redirecting.push(other);
    }
    yield;
  }
  const { options } = revision.for(CONFIG).config;
  const selection: Selection = { kind: "hosts", hosts: yield* hostTable(hosts, redirecting, revision) };
  const table: CompiledByController["table"] = {
    controller: INGRESS_NGINX.name,
    plane: revision.for(PLANE),
    options,
    streams: streams.streams,
    entryPoints: httpAndHttps(selection),
    ...certified,
    ...defaultCertificate({ flags: revision.for(FLAGS), ...namedObjects(revision) }),
    outside: revision.for(OUTSIDE),
  };
  return { table, routes: yield* inOrderOfIngresses(routes, settled), problems };
}

/** Hosts with a certificate of their own, and all names with one. */
function* certificatesOf(
  servers: readonly ServerDraft[],
  revision: Revision,
): Steps<Pick<CompiledByController["table"], "tlsHosts" | "tlsNames">> {
  const tlsHosts: TlsHost[] = [];
  const tlsNames = new Set<string>();
  for (const { host, ingresses } of servers) {
    if (!ingresses.some(({ ingress }) => ingress.spec.tls.length > 0)) continue;
    const own = yield* revision.inSteps(CERTIFICATES, host);
    append(tlsHosts, own.tlsHosts);
    for (const name of own.names) tlsNames.add(name);
    yield;
  }
  return { tlsHosts, tlsNames };
}

/** How many routes are ordered in a step. */
const AT_ONCE = 1_000;

/** True where each Ingress has hosts of its own, as most have: a fifth of the time of ordering them. */
function* areInOrder(routes: readonly OwnRoute[], settled: readonly SettledIngress[]): Steps<boolean> {
  let rank = 0;
  for (const [at, { ingress }] of routes.entries()) {
    while (rank < settled.length && settled[rank]?.ingress !== ingress) rank += 1;
    if (at % AT_ONCE === 0) yield;
  }
  return rank < settled.length;
}

/** Routes in the order of their Ingresses, those of one in the order of hosts. */
function* inOrderOfIngresses(
  routes: readonly OwnRoute[],
  settled: readonly SettledIngress[],
): Steps<readonly OwnRoute[]> {
  if (yield* areInOrder(routes, settled)) return routes;
  const ranks = new Map<OwnRoute["ingress"], number>();
  for (const { ingress } of settled) {
    ranks.set(ingress, ranks.size);
    if (ranks.size % AT_ONCE === 0) yield;
  }
  // A list for each Ingress would be many short ones: places are counted instead.
  const ends: number[] = new Array(ranks.size).fill(0);
  const rankOf = ({ ingress }: OwnRoute) => ranks.get(ingress) ?? 0;
  for (const [at, own] of routes.entries()) {
    ends[rankOf(own)] = (ends[rankOf(own)] ?? 0) + 1;
    if (at % AT_ONCE === 0) yield;
  }
  let end = 0;
  for (const [rank, count] of ends.entries()) {
    ends[rank] = end;
    end += count;
  }
  yield;
  const ordered: OwnRoute[] = [...routes];
  for (const [at, own] of routes.entries()) {
    const place = ends[rankOf(own)] ?? 0;
    ordered[place] = own;
    ends[rankOf(own)] = place + 1;
    if (at % AT_ONCE === 0) yield;
  }
  return ordered;
}
