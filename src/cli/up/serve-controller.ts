import { controllerNamed } from "../../compile/controllers.ts";
import { createMemory } from "../../compile/memory.ts";
import { internalProblem } from "../../internal.ts";
import { match } from "../../match/match.ts";
import { matchTls } from "../../match/tls.ts";
import type { HitEvent, ServedListener } from "../../model/event.ts";
import type { Proxy as RunningProxy } from "../../proxy/proxy.ts";
import { startProxy } from "../../proxy/proxy.ts";
import { planeFor } from "../../select/table.ts";
import type { Reading } from "../../source/files.ts";
import { atOnce, type Steps } from "../../steps.ts";
import { createResolver } from "../../upstream/resolve.ts";
import { hostsOf } from "../addresses.ts";
import type { ControllerSettings } from "../options.ts";
import type { InForce } from "../routing/in-force.ts";
import type { Bus } from "./bus.ts";
import { createEntryPorts } from "./entry-ports.ts";
import { lateCertificates, lateEcho, lateStreams } from "./late-parts.ts";
import type { ProblemChanges } from "./problem-changes.ts";
import { createReloads } from "./reloads.ts";
import type { ServeOptions } from "./serve.ts";
import type { StandInMaker } from "./stand-ins.ts";
import { explainHit } from "./table/explain-hit.ts";
import { type KeptOutcomes, keepOutcomes } from "./table/kept-outcomes.ts";
import { type Loaded, load } from "./table/loaded.ts";
import { createTelling } from "./table/tell-table.ts";

const KEPT_OUTCOMES = 1_000;
/** Of each recorded body. */
const RECORDED_BYTES = 65_536;

export interface ServedControllerOptions extends Omit<ServeOptions, "settings" | "bus" | "problems"> {
  readonly settings: ControllerSettings;
  readonly bus: Pick<Bus, "tell" | "takesRows">;
  readonly problems: Pick<ProblemChanges, "set">;
  /** Shared by all controllers. default: nothing is made up */
  readonly standIns: StandInMaker | undefined;
}

/** What one controller serves. */
export interface ServedController {
  readonly settings: ControllerSettings;
  readonly proxy: RunningProxy;
  /** The ports in the cluster, and those here. */
  readonly listeners: () => readonly ServedListener[];
  readonly current: () => Loaded;
  readonly hosts: () => readonly string[];
  /** Compiles a reading in turns, and replaces the table at once; a later reading replaces one that is not done. */
  readonly take: (reading: Reading) => Promise<void>;
  /** Sends the rows and the problems, and loads what requests need. */
  readonly announce: () => void;
  /** Keeps outcomes from now on, and explains hits by them. */
  readonly explainHits: () => (hit: HitEvent) => readonly string[];
  /** Takes no more requests, and waits at most `graceMs` for those in progress. */
  readonly close: (graceMs: number) => Promise<void>;
}

/**
 * Compiles a first reading, listens, and issues certificates in the background.
 * @throws UserError `port-in-use`, `port-forbidden`; nothing stays open
 */
export async function serveController(
  first: Reading,
  options: ServedControllerOptions,
): Promise<ServedController> {
  const { settings, maps, bus, problems, recorder, standIns } = options;
  const completeness = options.forwards === undefined ? "partial" : "whole";
  const memory = createMemory();
  const loading = (reading: Reading, before?: InForce) =>
    load(reading, settings, { completeness, standIns: standIns?.made(), memory }, before);
  // The table that answers new requests.
  let current = atOnce(loading(first));
  // The first request may need them, so they are made before listening; later they follow when made.
  if (await standIns?.make(current.table)) current = atOnce(loading(first));
  const echo = settings.noEcho || options.forwards !== undefined ? undefined : lateEcho();
  const resolver = createResolver({
    snapshot: current.snapshot,
    maps,
    echo,
    forwards: options.forwards,
    exact: settings.exact,
    endpoints: controllerNamed(settings.controller).endpoints,
  });
  // Without a dashboard nobody reads them, and keeping them costs a request microseconds, most in garbage collection.
  let outcomes: KeptOutcomes | undefined;
  const certificates = lateCertificates(
    {
      dir: options.certsDir,
      now: () => new Date(),
      absent: settings.exact ? "fake" : "issued",
      fake: controllerNamed(settings.controller).ownCertificate,
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
    plane: (client) =>
      client === undefined ? current.table.plane : planeFor(current.table, { ...client, host: "" }),
    client: () => current.table.options.client,
    decideTls: (...asked) => matchTls(current.table, ...asked),
    recordedBytes: recorder === undefined ? undefined : RECORDED_BYTES,
    onHit: (hit, facts, decision, recording) => {
      if (facts !== undefined && decision !== undefined) outcomes?.keep(hit, facts, decision);
      bus.tell(hit);
      if (recording !== undefined && facts !== undefined) recorder?.keep(hit, facts, decision, recording);
    },
    onUpstream: bus.tell,
    onFault: options.onFault,
  }).catch(async (error: unknown) => {
    certificates.close();
    await resolver.close();
    throw error;
  });

  const entryPorts = createEntryPorts(settings.controller, proxy, bus.tell);
  await entryPorts.update(current.table.entryPoints).catch(async (error: unknown) => {
    await proxy.close(0);
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
  // A Gateway's listeners have ports that are told with all others.
  if (current.table.streams.some(({ listener }) => listener !== undefined))
    await streams.update(current.table.streams);
  const telling = createTelling(current, {
    ...{ settings, maps, bus, problems, standIns, resolver, listeners: proxy, onHosts: options.onHosts },
  });
  /** A table with everything that goes with it, between two requests. */
  const use = (loaded: Loaded, resolveBy: () => void) => {
    const before = current;
    current = loaded;
    // nginx would refuse it: the previous state stays.
    if (loaded.table === before.table) return;
    outcomes?.use(loaded.table);
    resolveBy();
    const { tlsHosts, defaultCertificate } = loaded.table;
    certificates.update(tlsHosts, loaded.snapshot.secrets, defaultCertificate);
    streams.update(loaded.table.streams).catch(options.onFault);
    entryPorts.update(loaded.table.entryPoints).catch(options.onFault);
    standIns
      ?.make(loaded.table)
      .then(async () => {
        // A later reading is not replaced by this one: it comes here itself.
        await reloads.idle();
        if (current !== loaded || standIns.made() === loaded.standIns) return;
        void take({ ...loaded.reading, noticedAt: performance.now() });
      })
      .catch(options.onFault);
  };
  function* reload(reading: Reading): Steps<void> {
    const loaded = yield* loading(reading, current);
    use(loaded, yield* resolver.prepare(loaded.snapshot));
    yield* telling.changes(loaded, Math.round((performance.now() - reading.noticedAt) * 10) / 10);
  }
  const reloads = createReloads(reload, (error) => {
    const what = "what was saved could not be compiled; the last good state stays in use";
    problems.set("manifests", [...current.problems, internalProblem(error, what)]);
  });
  const { take } = reloads;
  const announce = () => {
    const { table } = current;
    atOnce(telling.rows(current));
    proxy.load().catch(options.onFault);
    certificates.update(table.tlsHosts, current.snapshot.secrets, table.defaultCertificate);
    streams.update(table.streams).catch(options.onFault);
    entryPorts.tellChanges();
    atOnce(telling.problems(current));
  };
  return {
    settings,
    proxy,
    listeners: () => [...entryPorts.listeners(), ...streamListeners(settings, streams)],
    current: () => current,
    hosts: () => hostsOf(current.wanted),
    take,
    announce,
    explainHits: () => {
      outcomes ??= keepOutcomes(KEPT_OUTCOMES, current.table, () => performance.now());
      const kept = outcomes;
      return (hit) => explainHit(hit, kept.of(hit));
    },
    close: async (graceMs) => {
      reloads.close();
      await Promise.all([proxy.close(graceMs), streams.close()]);
      certificates.close();
      await resolver.close();
    },
  };
}

/** The listeners of Gateways that pass bytes. */
function streamListeners(
  { controller, bind }: Pick<ControllerSettings, "controller" | "bind">,
  { listening }: Pick<ReturnType<typeof lateStreams>, "listening">,
): readonly ServedListener[] {
  return listening().flatMap(({ route: { listener, protocol, port }, localPort }) =>
    listener === undefined
      ? []
      : [{ controller, ...listener, protocol: protocol.toUpperCase(), port, address: bind, localPort }],
  );
}
