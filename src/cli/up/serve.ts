import { createMemory } from "../../compile/memory.ts";
import { internalProblem } from "../../internal.ts";
import { match } from "../../match/match.ts";
import { matchTls } from "../../match/tls.ts";
import type { HitEvent } from "../../model/event.ts";
import type { Proxy as RunningProxy } from "../../proxy/proxy.ts";
import { startProxy } from "../../proxy/proxy.ts";
import type { Reading } from "../../source/files.ts";
import type { ServiceMap } from "../../upstream/map.ts";
import type { PodForwards } from "../../upstream/port-forward/forwards.ts";
import { createResolver } from "../../upstream/resolve.ts";
import { hostsOf, urlsOf } from "../addresses.ts";
import type { Settings } from "../options.ts";
import type { InForce } from "../routing/in-force.ts";
import { openAuthentication } from "../routing/open-auth.ts";
import { unusedMaps } from "../routing/unused-maps.ts";
import type { Bus } from "./bus.ts";
import { explainHit } from "./explain-hit.ts";
import { type KeptOutcomes, keepOutcomes } from "./kept-outcomes.ts";
import { lateCertificates, lateEcho, lateStreams } from "./late-parts.ts";
import { changedRoutes, fingerprint, load } from "./loaded.ts";
import { openToNetwork } from "./option-problems.ts";
import type { ProblemChanges } from "./problem-changes.ts";
import { rowsOf } from "./rows.ts";
import { createStandIns } from "./stand-ins.ts";

const KEPT_OUTCOMES = 1_000;

export interface ServeOptions {
  readonly settings: Settings;
  readonly maps: readonly ServiceMap[];
  readonly certsDir: string;
  readonly bus: Bus;
  readonly problems: ProblemChanges;
  readonly onFault: (fault: unknown) => void;
  /** The way to a cluster's pods, which answer in place of the echo service. */
  readonly forwards: PodForwards | undefined;
  readonly onHosts: (hosts: readonly string[]) => void;
}

export interface Serving {
  readonly proxy: RunningProxy;
  readonly hosts: () => readonly string[];
  /** Replaces the reading, unless that changes nothing. */
  readonly take: (reading: Reading) => void;
  /** Sends `ready`, the rows and the problems. `startMs`: from process start */
  readonly announce: (source: string, startMs: number) => void;
  /** Keeps outcomes from now on, and explains hits by them. */
  readonly explainHits: () => (hit: HitEvent) => readonly string[];
  /** Takes no more requests, and waits at most `graceMs` for those in progress. */
  readonly close: (graceMs: number) => Promise<void>;
}

/**
 * Compiles a first reading, listens, and issues certificates in the background.
 * @throws UserError `port-in-use`, `port-forbidden`; nothing stays open
 */
export async function serve(first: Reading, options: ServeOptions): Promise<Serving> {
  const { settings, maps, bus, problems } = options;
  const completeness = options.forwards === undefined ? "partial" : "whole";
  const standIns =
    settings.exact || completeness === "whole"
      ? undefined
      : createStandIns({
          dir: options.certsDir,
          names: settings.noHosts ? "left-alone" : "hosts-file",
        });
  const memory = createMemory();
  const compiled = (reading: Reading, before?: InForce) =>
    load(reading, settings, { completeness, standIns: standIns?.made(), memory }, before);
  // The only mutable variable: the table that answers new requests.
  let current = compiled(first);
  // The first request needs them at the start; later they follow when made.
  if (await standIns?.make(current.table)) current = compiled(first);
  const echo = settings.noEcho || options.forwards !== undefined ? undefined : lateEcho();
  const resolver = createResolver({
    snapshot: current.snapshot,
    maps,
    echo,
    forwards: options.forwards,
    exact: settings.exact,
  });
  let print = fingerprint(current.table, resolver);
  // Kept for nobody they would cost a request some microseconds, most of them in garbage collection.
  let outcomes: KeptOutcomes | undefined;
  const certificates = lateCertificates(
    {
      dir: options.certsDir,
      now: () => new Date(),
      absent: settings.exact ? "fake" : "issued",
      onProblems: (found) => problems.set("certificates", found),
    },
    options.onFault,
  );
  const proxy = await startProxy({
    bind: settings.bind,
    httpPort: settings.httpPort,
    httpsPort: settings.httpsPort,
    exact: settings.exact ? "exact" : "local",
    clientAddress: settings.clientAddress,
    decide: (facts) => match(current.table, facts),
    resolve: resolver.resolve,
    noEndpoints: resolver.noEndpoints,
    load: echo?.load,
    secureContext: certificates.secureContext,
    http2: () => current.table.options.http2,
    plane: () => current.table.plane,
    client: () => current.table.options.client,
    decideTls: (servername) => matchTls(current.table, servername),
    onHit: (hit, facts, decision) => {
      if (facts !== undefined && decision !== undefined) outcomes?.keep(hit, facts, decision);
      bus.tell(hit);
    },
    onUpstream: bus.tell,
    onFault: options.onFault,
  }).catch(async (error: unknown) => {
    certificates.close();
    await resolver.close();
    throw error;
  });

  const streams = lateStreams({
    bind: settings.bind,
    resolve: resolver.resolve,
    onEvent: bus.tell,
    onFault: options.onFault,
    onProblems: (found) => problems.set("streams", found),
  });
  const tellProblems = () => {
    problems.set("manifests", current.problems);
    problems.set("stand-ins", standIns?.problems(current.table, proxy) ?? []);
    const { services } = current.reading.snapshot;
    problems.set("options", [
      ...openToNetwork(settings.bind),
      ...unusedMaps(maps, current.wanted, services),
      ...openAuthentication(current.table, resolver),
    ]);
  };
  const take = (reading: Reading) => {
    const before = current;
    try {
      takeOrThrow(reading);
    } catch (error) {
      current = before;
      const what = "what was saved could not be compiled; the last good state stays in use";
      problems.set("manifests", [...before.problems, internalProblem(error, what)]);
    }
  };
  const takeOrThrow = (reading: Reading) => {
    const before = current;
    current = compiled(reading, before);
    tellProblems();
    // nginx would refuse it: the previous state stays.
    if (current.table === before.table) return;
    outcomes?.use(current.table);
    resolver.update(current.snapshot);
    const { tlsHosts, defaultCertificate } = current.table;
    certificates.update(tlsHosts, current.snapshot.secrets, defaultCertificate);
    streams.update(current.table.streams).catch(options.onFault);
    standIns
      ?.make(current.table)
      .then((isNew) => {
        if (isNew && current.reading === reading) take({ ...reading, noticedAt: performance.now() });
      })
      .catch(options.onFault);
    const now = fingerprint(current.table, resolver);
    if (now === print) return;
    print = now;
    const ms = Math.round((performance.now() - reading.noticedAt) * 10) / 10;
    const { routes } = current.table;
    bus.tell({ type: "reload", routes: routes.length, ...changedRoutes(before.table, current.table), ms });
    bus.tell({ type: "routes", rows: rowsOf(current.table, resolver) });
    options.onHosts(hostsOf(current.wanted));
  };
  const announce = (source: string, startMs: number) => {
    const { table } = current;
    const { http, https } = proxy;
    const about = { controller: settings.controller, source, routes: table.routes.length };
    const urls = urlsOf(table, proxy);
    bus.tell({ type: "ready", http, https, ...about, hosts: hostsOf(table), urls, startMs });
    bus.tell({ type: "routes", rows: rowsOf(table, resolver) });
    proxy.load().catch(options.onFault);
    certificates.update(table.tlsHosts, current.snapshot.secrets, table.defaultCertificate);
    streams.update(table.streams).catch(options.onFault);
    tellProblems();
    problems.open();
  };
  return {
    proxy,
    hosts: () => hostsOf(current.wanted),
    take,
    announce,
    explainHits: () => {
      outcomes ??= keepOutcomes(KEPT_OUTCOMES, current.table, () => performance.now());
      const kept = outcomes;
      return (hit) => explainHit(hit, kept.of(hit));
    },
    close: async (graceMs) => {
      await Promise.all([proxy.close(graceMs), streams.close()]);
      certificates.close();
      await resolver.close();
    },
  };
}
