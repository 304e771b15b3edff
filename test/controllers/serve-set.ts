import { OPTIONS, type Settings } from "../../src/cli/options.ts";
import { createBus } from "../../src/cli/up/bus.ts";
import { createProblemChanges } from "../../src/cli/up/problem-changes.ts";
import { type ServeOptions, serve } from "../../src/cli/up/serve.ts";
import type { ControllerName } from "../../src/compile/controllers.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { ServedListener } from "../../src/model/event.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Reading } from "../../src/source/files.ts";
import { parseMap, type ServiceMap } from "../../src/upstream/map.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { type GivenSet, manifestsOf } from "./given.ts";
import type { Pods } from "./pods.ts";

/** A set served like `ingress-dev up --exact --no-echo`. */
export interface ServedSet {
  readonly listeners: readonly ServedListener[];
  readonly problems: readonly Problem[];
  /** The Service port behind a pod's port. */
  readonly serviceAt: (port: number) => ServicePlace | undefined;
  close(): Promise<void>;
}

interface ServicePlace {
  readonly service: string;
  readonly port: number;
}

/** The recordings' authentication service. */
const RECORDED_AUTH = "127.0.0.1:19000";

/** Starts the proxy for a set. Every Service port with a ready pod gets one of `pods`. */
export function serveSet(
  set: GivenSet,
  pods: Pods,
  certsDir: string,
  controller: ControllerName = "ingress-nginx",
): Promise<ServedSet> {
  const places = podsOf(set, pods.ports);
  const maps = places.map(({ map }) => map);
  return serveObjects(set, {
    settings: { controller },
    ...{ maps, forwards: undefined, certsDir },
    local: (text) => text.replaceAll(RECORDED_AUTH, `127.0.0.1:${pods.authPort}`),
    serviceAt: (at) => places.find(({ map }) => map.target.port === at),
  });
}

interface ServedSetOptions
  extends Pick<ServeOptions, "maps" | "forwards" | "certsDir">,
    Pick<ServedSet, "serviceAt"> {
  readonly settings: Partial<Settings>;
  /** The recordings' addresses, as they are here. */
  readonly local: (text: string) => string;
}

/** Starts the proxy with `up`'s own code. */
export async function serveObjects(
  set: GivenSet,
  { settings, maps, forwards, certsDir, local, serviceAt }: ServedSetOptions,
): Promise<ServedSet> {
  const parsed = parseManifest(local(await manifestsOf(set)), "given.json");
  const { snapshot, problems } = snapshotOf(parsed.resources);
  const reading: Reading = {
    snapshot,
    problems: [...parsed.problems, ...problems],
    passedOver: new Map(),
    description: set.name,
    noticedAt: 0,
    files: [],
  };
  const told: Problem[] = [];
  const bus = createBus();
  let listeners: readonly ServedListener[] = [];
  bus.subscribeToEvents((event) => {
    if (event.type === "ready") listeners = event.listeners ?? [];
  });
  const serving = await serve(reading, {
    settings: { ...settingsOf(), ...settings },
    maps,
    certsDir,
    bus,
    problems: createProblemChanges((problem) => told.push(problem)),
    forwards,
    onFault: (fault) => {
      throw fault;
    },
    onHosts: () => undefined,
  });
  serving.announce(set.name, 0);
  return { listeners, problems: told, serviceAt, close: () => serving.close(0) };
}

function settingsOf(): Settings {
  const fallbacks = Object.entries(OPTIONS).map(([name, { fallback }]) => [name, fallback]);
  const own = { httpPort: 0, httpsPort: 0, exact: true, noEcho: true, noHosts: true, output: "json" };
  return { ...Object.fromEntries(fallbacks), ...own };
}

/** One pod per Service port that has one. An ExternalName has none; its name is resolved. */
function podsOf(
  { objects, noEndpoints = [] }: GivenSet,
  ports: readonly number[],
): readonly (ServicePlace & { readonly map: ServiceMap })[] {
  const services = objects.flatMap(({ kind, metadata, spec }) => {
    const service = `${metadata.namespace ?? "default"}/${metadata.name}`;
    if (kind !== "Service" || spec?.type === "ExternalName" || noEndpoints.includes(service)) return [];
    return (spec?.ports ?? []).map(({ port }) => ({ service, port }));
  });
  return services.map(({ service, port }, index) => {
    const at = ports[index];
    if (at === undefined) throw new Error(`there are fewer than ${services.length} pods`);
    return { service, port, map: parseMap(`${service}:${port}=127.0.0.1:${at}`) };
  });
}
