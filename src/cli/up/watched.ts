import { UserError } from "../../errors.ts";
import type { ClusterEvent } from "../../model/event.ts";
import { type WatchedCluster, watchCluster } from "../../source/cluster/cluster.ts";
import type { Reading } from "../../source/files.ts";
import { watchFiles } from "../../source/files.ts";
import { overlay } from "../../source/overlay.ts";
import type { Cluster } from "../cluster.ts";
import { chooseSources, type Inputs, requireIngresses, sourceInWords } from "../manifests.ts";
import type { Config } from "../options/config.ts";
import type { Surroundings } from "../surroundings.ts";

/** Who hears of what is watched. */
export interface WatchListener {
  readonly take: (reading: Reading) => void;
  /** How it stands with the API server differs. */
  readonly onState: (event: ClusterEvent) => void;
}

/** Manifests or a cluster, or both, that are watched. */
export interface Watched {
  readonly first: Reading;
  /** For the first line of `up`: what is served, and who chose it. */
  readonly source: string;
  readonly cluster: Cluster | undefined;
  /** How it stands with the API server now; `undefined` without one. */
  readonly state: () => ClusterEvent | undefined;
  /** Hands over every reading from now on, and the last of those that came before. */
  readonly pass: (listener: WatchListener) => void;
  readonly close: () => Promise<void>;
}

/** Keeps the last reading until there is somebody to take it. */
function createRelay() {
  let waiting: Reading | undefined;
  let listener: WatchListener | undefined;
  return {
    take: (reading: Reading) => {
      if (listener === undefined) waiting = reading;
      else listener.take(reading);
    },
    onState: (event: ClusterEvent) => listener?.onState(event),
    pass: (next: WatchListener) => {
      listener = next;
      if (waiting !== undefined) next.take(waiting);
      waiting = undefined;
    },
  };
}

/** Watches files alone. */
async function watchManifests(inputs: Inputs, { stdin }: Surroundings): Promise<Watched> {
  const relay = createRelay();
  const watching = await watchFiles(inputs.paths, relay.take, { stdin });
  const { first } = watching;
  try {
    requireIngresses(inputs, first);
  } catch (error) {
    await watching.close();
    throw error;
  }
  return {
    first,
    source: sourceInWords(inputs, first),
    cluster: undefined,
    state: () => undefined,
    pass: relay.pass,
    close: () => watching.close(),
  };
}

/** Watches a cluster, with manifests over it where some are named. */
async function watchWithCluster(
  cluster: Cluster,
  inputs: Inputs | undefined,
  { stdin }: Surroundings,
): Promise<Watched> {
  const relay = createRelay();
  let disk: Reading | undefined;
  let live: Reading | undefined;
  const merged = () => {
    if (live !== undefined) relay.take(disk === undefined ? live : overlay(disk, live));
  };
  const onDisk = (reading: Reading) => {
    disk = reading;
    merged();
  };
  const onReading = (reading: Reading) => {
    live = reading;
    merged();
  };
  // Files first: they fail at once where something is wrong with them.
  const files = inputs && (await watchFiles(inputs.paths, onDisk, { stdin, namespace: cluster.home }));
  disk ??= files?.first;
  let watched: WatchedCluster;
  try {
    watched = await watchCluster(cluster, { onReading, onState: relay.onState });
  } catch (error) {
    await files?.close();
    cluster.api.close();
    throw error;
  }
  live ??= watched.first;
  const first = disk === undefined ? live : overlay(disk, live);
  const described = inputs === undefined ? first.description : sourceInWords(inputs, first);
  return {
    first,
    source: cluster.chosenBy === undefined ? described : `${cluster.chosenBy}: ${described}`,
    cluster,
    state: watched.state,
    pass: relay.pass,
    close: async () => {
      watched.close();
      await files?.close();
    },
  };
}

/** The cluster of the current context, where the current folder holds no Ingress; says why neither is there. */
async function localCluster(
  config: Config,
  surroundings: Surroundings,
  missing: UserError,
): Promise<Cluster> {
  const { openCluster } = await import("../cluster.ts");
  try {
    return await openCluster(config.settings, surroundings.env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError("no-manifests", `${missing.message} ${error.message}`);
  }
}

/**
 * Starts to watch what the options name: manifests, a cluster, or manifests over a cluster; where they name nothing, the
 * current folder, and where that holds no Ingress, the local cluster of the current context.
 *
 * Throws `UserError` where there is nothing to watch.
 */
export async function watch(config: Config, surroundings: Surroundings): Promise<Watched> {
  const sources = chooseSources(config);
  if (sources.cluster === "named") {
    const { openCluster } = await import("../cluster.ts");
    const cluster = await openCluster(config.settings, surroundings.env);
    return watchWithCluster(cluster, sources.inputs, surroundings);
  }
  try {
    return await watchManifests(sources.inputs, surroundings);
  } catch (error) {
    const isNothing = error instanceof UserError && error.code === "no-manifests";
    if (!isNothing || sources.inputs.chosenBy !== "the current folder") throw error;
    return watchWithCluster(await localCluster(config, surroundings, error), undefined, surroundings);
  }
}
