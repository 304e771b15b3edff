import { OPTIONS, type Settings } from "../../../src/cli/options.ts";
import { createBus } from "../../../src/cli/up/bus.ts";
import { createProblemChanges } from "../../../src/cli/up/problem-changes.ts";
import { serve } from "../../../src/cli/up/serve.ts";
import { snapshotOf } from "../../../src/manifest/snapshot.ts";
import type { ServedListener } from "../../../src/model/event.ts";
import type { Service } from "../../../src/model/resource.ts";
import { parseMap } from "../../../src/upstream/map.ts";
import { parseManifest } from "../../support/parse-manifest.ts";

/** Manifests of the suite, served like `ingress-dev up --controller gateway-api --exact --no-echo`. */
export interface ServedSuite {
  /** The local port of a Gateway's. `undefined`: nobody listens */
  readonly portOf: (gateway: string, port: number, scheme: string) => number | undefined;
  /** `NAMESPACE/SERVICE` behind a backend's port. */
  readonly serviceAt: (port: number) => string;
  readonly close: () => Promise<void>;
}

function settings(): Settings {
  const fallbacks = Object.entries(OPTIONS).map(([name, { fallback }]) => [name, fallback]);
  const own = { httpPort: 0, httpsPort: 0, exact: true, noEcho: true, noHosts: true, output: "json" };
  return { ...Object.fromEntries(fallbacks), ...own, controller: "gateway-api" };
}

export async function serveSuite(
  text: string,
  ports: readonly number[],
  certsDir: string,
): Promise<ServedSuite> {
  const parsed = parseManifest(text, "conformance.yaml");
  const { snapshot } = snapshotOf(parsed.resources);
  const places = snapshot.services.flatMap(placesOf).map((place, at) => {
    const port = ports[at];
    if (port === undefined) throw new Error("there are too few backends");
    return { ...place, at: port };
  });
  const reading = {
    ...{ snapshot, problems: [], passedOver: new Map(), description: "conformance", noticedAt: 0, files: [] },
  };
  const bus = createBus();
  let listeners: readonly ServedListener[] = [];
  bus.subscribeToEvents((event) => {
    if (event.type === "ready") listeners = event.listeners ?? [];
  });
  const serving = await serve(reading, {
    settings: settings(),
    maps: places.map(({ service, port, at }) => parseMap(`${service}:${port}=127.0.0.1:${at}`)),
    certsDir,
    bus,
    problems: createProblemChanges(() => undefined),
    forwards: undefined,
    onFault: (fault) => {
      throw fault;
    },
    onHosts: () => undefined,
  });
  serving.announce("conformance", 0);
  return {
    portOf: (gateway, port, scheme) =>
      listeners.find(
        (each) =>
          each.gateway === gateway && each.port === port && (each.protocol === "UDP") === (scheme === "udp"),
      )?.localPort,
    serviceAt: (port) => places.find(({ at }) => at === port)?.service ?? "",
    close: () => serving.close(0),
  };
}

function placesOf({
  metadata,
  ports,
}: Service): readonly { readonly service: string; readonly port: number }[] {
  const service = `${metadata.namespace}/${metadata.name}`;
  return ports.map(({ port }) => ({ service, port }));
}
