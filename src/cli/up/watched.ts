import { UserError } from "../../errors.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { WatchedCluster } from "../../source/cluster/cluster.ts";
import type { Reading } from "../../source/files.ts";
import { watchFiles } from "../../source/files.ts";
import { overlay } from "../../source/overlay.ts";
import type { Config } from "../options/config.ts";
import type { Cluster } from "../routing/cluster.ts";
import { chooseSources, type Inputs, requireIngresses, sourceInWords } from "../routing/manifests.ts";
import type { Surroundings } from "../surroundings.ts";

interface WatchListener {
  readonly take: (reading: Reading) => void;
  readonly onState: (event: ClusterEvent) => void;
}

export interface Watched {
  readonly first: Reading;
  /** Source and who chose it, for the first line of `up`. */
  readonly source: string;
  readonly cluster: Cluster | undefined;
  /** The connection's current state; `undefined` without an API server. */
  readonly state: () => ClusterEvent | undefined;
  /** Passes on every reading from now on, and the last earlier one. */
  readonly pass: (listener: WatchListener) => void;
  readonly close: () => Promise<void>;
}

/** Keeps the last reading until somebody takes it. */
function createRelay() {
  let waiting: Reading | undefined;
  let listener: WatchListener | undefined;
  let begin: () => void = () => undefined;
  return {
    /** Somebody listens: `ready` is told. */
    begun: new Promise<void>((resolve) => {
      begin = resolve;
    }),
    take: (reading: Reading) => {
      if (listener === undefined) waiting = reading;
      else listener.take(reading);
    },
    onState: (event: ClusterEvent) => listener?.onState(event),
    pass: (next: WatchListener) => {
      listener = next;
      begin();
      if (waiting !== undefined) next.take(waiting);
      waiting = undefined;
    },
  };
}

async function watchManifests(inputs: Inputs, { stdin }: Surroundings): Promise<Watched> {
  const relay = createRelay();
  const watching = await watchFiles(inputs.paths, relay.take, { stdin, begin: relay.begun });
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

/** Watches a cluster, with named manifests over it. */
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
  // Files first, because their errors show at once.
  const files =
    inputs &&
    (await watchFiles(inputs.paths, onDisk, { stdin, namespace: cluster.home, begin: relay.begun }));
  disk ??= files?.first;
  let watched: WatchedCluster;
  try {
    const { watchCluster } = await import("../../source/cluster/cluster.ts");
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

/** The current context's cluster, if the current folder has no Ingress. The error explains both. */
async function localCluster(
  config: Config,
  surroundings: Surroundings,
  missing: UserError,
): Promise<Cluster> {
  const { openCluster } = await import("../routing/cluster.ts");
  try {
    return await openCluster(config.settings, surroundings.env);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError("no-manifests", `${missing.message} ${error.message}`);
  }
}

/**
 * Watches what the options name: manifests, a cluster, or manifests over a cluster. default: the current
 * folder, else the local cluster of the current context
 * @throws UserError if there is nothing to watch
 */
export async function watch(config: Config, surroundings: Surroundings): Promise<Watched> {
  const sources = chooseSources(config);
  if (sources.cluster === "named") {
    const { openCluster } = await import("../routing/cluster.ts");
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
