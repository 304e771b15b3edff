import type { ApiConnection } from "../../model/cluster.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { Problem } from "../../model/problem.ts";
import { counted } from "../describe.ts";
import type { Reading } from "../files.ts";
import { createLoop } from "../loop.ts";
import { assemble } from "./assembly.ts";
import { ApiFault } from "./fault.ts";
import { CLUSTER_LIMITS, type ClusterLimits } from "./limits.ts";
import { createPace } from "./pace.ts";
import type { Standing } from "./reflector.ts";
import { type ControllerObjects, type Reflectors, startReflectors } from "./reflectors.ts";
import { refusals } from "./refusals.ts";
import { findScope, type Namespaces, type Scope, unreadable } from "./scope.ts";
import { type ClusterState, stateOf } from "./state.ts";
import { type Clocks, onWake, SYSTEM_CLOCKS } from "./wake.ts";

/** What a cluster is read with. */
export interface ClusterOptions {
  readonly api: ApiConnection;
  readonly namespaces: Namespaces;
  /** The controller's own ConfigMap and certificate. */
  readonly controller?: ControllerObjects | undefined;
  /** `CLUSTER_LIMITS` where they are left out. */
  readonly limits?: ClusterLimits | undefined;
  /** At least 0 and less than 1; `Math.random` where it is left out. */
  readonly random?: (() => number) | undefined;
  readonly clocks?: Clocks | undefined;
}

/** What is told of a cluster from its first reading on. */
export interface ClusterListener {
  /** Something that is read of it differs. */
  readonly onReading: (reading: Reading) => void;
  /** How it stands with the API server differs. */
  readonly onState: (event: ClusterEvent) => void;
}

/** A cluster that is read until it is closed. */
export interface WatchedCluster {
  readonly first: Reading;
  readonly state: () => ClusterEvent;
  /** Ends every request. The connection itself is the caller's. */
  readonly close: () => void;
}

/** How long, in ms, an Ingress that names a new Secret waits for it. */
const SECRET_MS = 2_000;

function describe(context: string, { namespaces }: Scope, ingresses: number): string {
  const named = namespaces.filter((one) => one !== undefined);
  const where =
    named.length === 0
      ? "in all namespaces"
      : `in ${named.slice(0, 3).join(", ")}${named.length > 3 ? " …" : ""}`;
  return `the cluster ${context} (${counted(ingresses, "Ingress", "Ingresses")} ${where})`;
}

/** Gives up waiting after a time; the timer is no reason to stay alive. */
function within(ms: number, promise: Promise<void>): Promise<"done" | "late"> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve("late"), ms);
    promise.then(() => resolve("done"), reject).finally(() => clearTimeout(timer));
  });
}

/** The first thing that is wrong while everything is read for the first time. */
function firstFault(standings: readonly Standing[]): ApiFault {
  const failing = standings.find((one) => one.is === "failing");
  return failing?.is === "failing" ? failing.fault : new ApiFault("unreached", "it takes too long");
}

/** Makes readings of what the reflectors hold. */
function readingOf(api: ApiConnection, scope: Scope, reflectors: Reflectors, noticedAt: number): Reading {
  const { snapshot, problems } = assemble(reflectors.collections());
  const all: readonly Problem[] = [...scope.problems, ...refusals(reflectors.all()), ...problems];
  const description = describe(api.context, scope, snapshot.ingresses.length);
  return { snapshot, problems: all, passedOver: new Map(), description, noticedAt, files: [] };
}

/**
 * Reads a cluster and goes on watching it: `onReading` is called when something differs, held off 100 ms after a change
 * (500 ms at most). While the API server cannot be read, nothing of what was last read goes away; `onState` says so.
 *
 * Fails with a `UserError` where there is nothing to begin with: no API server (`cluster-unreachable`), no credentials
 * that it takes (`cluster-unauthorized`, `exec-plugin`, `cluster-credentials`), or not everything listed in 30 s.
 */
export async function watchCluster(
  options: ClusterOptions,
  listener: ClusterListener,
): Promise<WatchedCluster> {
  const { api, namespaces, limits = CLUSTER_LIMITS, random = Math.random, clocks = SYSTEM_CLOCKS } = options;
  const ended = new AbortController();
  const pace = createPace(limits, random);
  const scope = await findScope(api, namespaces, pace, ended.signal);
  const changes = createChanges(api, listener.onState);
  const reflectors = startReflectors(scope.namespaces, options.controller ?? {}, {
    api,
    limits,
    pace,
    ...changes.heard,
  });
  if ((await within(limits.firstMs, reflectors.settled)) === "late") {
    reflectors.stop();
    throw unreadable(api, firstFault(reflectors.all().map((one) => one.standing())));
  }
  const first = readingOf(api, scope, reflectors, performance.now());
  const loop = createLoop(
    {
      read: async (_dirty, noticedAt) => {
        await within(SECRET_MS, reflectors.nameSecrets());
        return { reading: readingOf(api, scope, reflectors, noticedAt), changed: true, doubtful: false };
      },
    },
    first,
    listener.onReading,
  );
  changes.open(reflectors, () => loop.notice(undefined));
  const endWake = onWake(limits.tickMs, clocks, reflectors.restart);
  return {
    first,
    state: changes.state,
    close: () => {
      endWake();
      loop.stop();
      reflectors.stop();
      ended.abort();
    },
  };
}

/** Takes down what reflectors tell, and hands it on once there is somebody to hear it. */
function createChanges(api: ApiConnection, onState: ClusterListener["onState"]) {
  let told: ClusterState = { state: "connecting", message: api.server };
  let opened: { readonly reflectors: Reflectors; readonly notice: () => void } | undefined;
  let refused = "";
  const state = (): ClusterEvent => ({ type: "cluster", context: api.context, ...told });
  const onStanding = () => {
    if (opened === undefined) return;
    const all = opened.reflectors.all();
    const now = stateOf(all, api.server);
    const differs = now.state !== told.state || now.message !== told.message;
    told = now;
    if (differs) onState(state());
    const problems = JSON.stringify(refusals(all));
    if (problems !== refused) opened.notice();
    refused = problems;
  };
  return {
    heard: { onChange: () => opened?.notice(), onStanding },
    state,
    /** From here on changes are noticed. */
    open: (reflectors: Reflectors, notice: () => void) => {
      opened = { reflectors, notice };
      refused = JSON.stringify(refusals(reflectors.all()));
      told = stateOf(reflectors.all(), api.server);
    },
  };
}

/** Reads a cluster once. Fails as `watchCluster` does. */
export async function readCluster(options: ClusterOptions): Promise<Reading> {
  const nothing = () => undefined;
  const watched = await watchCluster(options, { onReading: nothing, onState: nothing });
  watched.close();
  return watched.first;
}
