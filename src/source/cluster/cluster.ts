import type { ApiConnection } from "../../model/cluster.ts";
import type { ClusterEvent } from "../../model/event.ts";
import type { Problem } from "../../model/problem.ts";
import type { Snapshot } from "../../model/snapshot.ts";
import { describeRoutes } from "../describe.ts";
import type { Reading } from "../files.ts";
import { createLoop } from "../loop.ts";
import { assemble } from "./assembly.ts";
import { createBackoff } from "./backoff.ts";
import { ApiFault } from "./fault.ts";
import { CLUSTER_LIMITS, type ClusterLimits } from "./limits.ts";
import type { Standing } from "./reflector.ts";
import { type ControllerObjects, type Reflectors, startReflectors } from "./reflectors.ts";
import { refusals } from "./refusals.ts";
import { findScope, type Namespaces, type Scope, unreadable } from "./scope.ts";
import { type ClusterState, stateOf } from "./state.ts";
import { type Clocks, onWake, SYSTEM_CLOCKS } from "./wake.ts";

export interface ClusterOptions {
  readonly api: ApiConnection;
  readonly namespaces: Namespaces;
  /** The controller's own ConfigMap and certificate. */
  readonly controller?: ControllerObjects | undefined;
  /** default: `CLUSTER_LIMITS` */
  readonly limits?: ClusterLimits | undefined;
  /** At least 0 and less than 1. default: `Math.random` */
  readonly random?: (() => number) | undefined;
  readonly clocks?: Clocks | undefined;
}

export interface ClusterListener {
  readonly onReading: (reading: Reading) => void;
  readonly onState: (event: ClusterEvent) => void;
}

export interface WatchedCluster {
  readonly first: Reading;
  readonly state: () => ClusterEvent;
  /** Ends every request. The connection itself is the caller's. */
  readonly close: () => void;
}

/** The longest that an Ingress waits for a new Secret that it names. */
const SECRET_MS = 2_000;

function describe(context: string, { namespaces }: Scope, snapshot: Snapshot): string {
  const named = namespaces.filter((namespace) => namespace !== undefined);
  const where =
    named.length === 0
      ? "in all namespaces"
      : `in ${named.slice(0, 3).join(", ")}${named.length > 3 ? " …" : ""}`;
  return `the cluster ${context} (${describeRoutes(snapshot)} ${where})`;
}

/** Waits at most `ms`. The timer does not keep the process alive. */
function within(ms: number, promise: Promise<void>): Promise<"done" | "late"> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve("late"), ms);
    promise.then(() => resolve("done"), reject).finally(() => clearTimeout(timer));
  });
}

function firstFault(standings: readonly Standing[]): ApiFault {
  const failing = standings.find(({ kind }) => kind === "failing");
  return failing?.kind === "failing" ? failing.fault : new ApiFault("unreached", "it takes too long");
}

interface Source {
  readonly api: ApiConnection;
  readonly scope: Scope;
  readonly reflectors: Reflectors;
}

function readingOf(
  { api, scope, reflectors }: Source,
  noticedAt: number,
  before: Reading | undefined,
): Reading {
  const { snapshot, problems } = assemble(reflectors.collections(), before?.snapshot);
  const all: readonly Problem[] = [
    ...scope.problems,
    ...refusals(reflectors.all(), reflectors.kinds()),
    ...problems,
  ];
  const description = describe(api.context, scope, snapshot);
  return { snapshot, problems: all, passedOver: new Map(), description, noticedAt, files: [] };
}

/**
 * Reads a cluster and watches it. Calls `onReading` 100 ms after a change, 500 ms at most. While the API server cannot
 * be read, everything stays as last read; `onState` reports it.
 *
 * @throws UserError for no API server (`cluster-unreachable`), refused or missing credentials (`cluster-unauthorized`,
 * `exec-plugin`, `cluster-credentials`), or when not everything is listed in 30 s.
 */
export async function watchCluster(
  options: ClusterOptions,
  listener: ClusterListener,
): Promise<WatchedCluster> {
  const { api, namespaces, limits = CLUSTER_LIMITS, random = Math.random, clocks = SYSTEM_CLOCKS } = options;
  const ended = new AbortController();
  const backoff = createBackoff(limits, random);
  const scope = await findScope(api, namespaces, backoff, ended.signal);
  const changes = createChanges(api, listener.onState);
  const reflectors = startReflectors(scope.namespaces, options.controller ?? {}, {
    api,
    limits,
    backoff,
    ...changes.heard,
  });
  if ((await within(limits.firstMs, reflectors.settled)) === "late") {
    reflectors.stop();
    throw unreadable(api, firstFault(reflectors.all().map((reflector) => reflector.standing())));
  }
  const source = { api, scope, reflectors };
  const first = readingOf(source, performance.now(), undefined);
  let last = first;
  const loop = createLoop(
    {
      read: async (_dirty, noticedAt) => {
        await within(SECRET_MS, reflectors.nameSecrets());
        last = readingOf(source, noticedAt, last);
        return { reading: last, changed: true, doubtful: false };
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

/** Keeps what reflectors report until somebody listens, then passes it on. */
function createChanges(api: ApiConnection, onState: ClusterListener["onState"]) {
  let lastState: ClusterState = { state: "connecting", message: api.server };
  let opened: { readonly reflectors: Reflectors; readonly notice: () => void } | undefined;
  let refused = "";
  const state = (): ClusterEvent => ({ type: "cluster", context: api.context, ...lastState });
  const onStanding = () => {
    if (opened === undefined) return;
    const all = opened.reflectors.all();
    const now = stateOf(all, api.server);
    const differs = now.state !== lastState.state || now.message !== lastState.message;
    lastState = now;
    if (differs) onState(state());
    const problems = JSON.stringify(refusals(all, opened.reflectors.kinds()));
    if (problems !== refused) opened.notice();
    refused = problems;
  };
  return {
    heard: { onChange: () => opened?.notice(), onStanding },
    state,
    /** Changes count from here on. */
    open: (reflectors: Reflectors, notice: () => void) => {
      opened = { reflectors, notice };
      refused = JSON.stringify(refusals(reflectors.all(), reflectors.kinds()));
      lastState = stateOf(reflectors.all(), api.server);
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
