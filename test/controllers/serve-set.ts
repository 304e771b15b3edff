import { OPTIONS, type Settings } from "../../src/cli/options.ts";
import { createBus } from "../../src/cli/up/bus.ts";
import { createProblemChanges } from "../../src/cli/up/problem-changes.ts";
import { type Serving, serve } from "../../src/cli/up/serve.ts";
import { snapshotOf } from "../../src/manifest/snapshot.ts";
import type { Problem } from "../../src/model/problem.ts";
import type { Reading } from "../../src/source/files.ts";
import { parseMap, type ServiceMap } from "../../src/upstream/map.ts";
import { parseManifest } from "../support/parse-manifest.ts";
import { type GivenSet, manifestsOf } from "./given.ts";
import type { Pods } from "./pods.ts";

/** A set served like `ingress-dev up --exact --no-echo`. */
export interface ServedSet {
  readonly ports: Serving["proxy"]["ports"];
  readonly problems: readonly Problem[];
  /** The Service port behind a pod's port. */
  readonly serviceAt: (port: number) => { readonly service: string; readonly port: number } | undefined;
  close(): Promise<void>;
}

/** The recordings' authentication service. */
const RECORDED_AUTH = "127.0.0.1:19000";

function settingsOf(): Settings {
  const fallbacks = Object.entries(OPTIONS).map(([name, { fallback }]) => [name, fallback]);
  const own = { httpPort: 0, httpsPort: 0, exact: true, noEcho: true, noHosts: true, output: "json" };
  return { ...Object.fromEntries(fallbacks), ...own };
}

/** Starts the proxy for a set. Every Service port with a ready pod gets one of `pods`. */
export async function serveSet(set: GivenSet, pods: Pods, certsDir: string): Promise<ServedSet> {
  const text = (await manifestsOf(set)).replaceAll(RECORDED_AUTH, `127.0.0.1:${pods.authPort}`);
  const parsed = parseManifest(text, "given.json");
  const { snapshot, problems } = snapshotOf(parsed.resources);
  const reading: Reading = {
    snapshot,
    problems: [...parsed.problems, ...problems],
    passedOver: new Map(),
    description: set.name,
    noticedAt: 0,
    files: [],
  };
  const places = podsOf(set, pods.ports);
  const told: Problem[] = [];
  const changes = createProblemChanges((problem) => told.push(problem));
  const serving = await serve(reading, {
    settings: settingsOf(),
    maps: places.map(({ map }) => map),
    certsDir,
    bus: createBus(),
    problems: changes,
    forwards: undefined,
    onFault: (fault) => {
      throw fault;
    },
    onHosts: () => undefined,
  });
  serving.announce(set.name, 0);
  return {
    ports: serving.proxy.ports,
    problems: told,
    serviceAt: (at) => places.find(({ map }) => map.target.port === at),
    close: () => serving.close(0),
  };
}

/** One pod per Service port that has one. An ExternalName has none; its name is resolved. */
function podsOf(
  { objects, noEndpoints = [] }: GivenSet,
  ports: readonly number[],
): readonly { readonly service: string; readonly port: number; readonly map: ServiceMap }[] {
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
