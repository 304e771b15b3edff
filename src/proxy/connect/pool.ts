import type { UpstreamEvent } from "../../model/event.ts";
import type { Upstream } from "../../model/upstream.ts";
import { type Connected, ConnectFailure, causeOf, connectTo } from "./connect.ts";
import { Http1Client } from "./http1-client.ts";
import { createResting } from "./resting.ts";
import { isRetired, whenRetired } from "./retirement.ts";
import { connectionKey } from "./upstream-tls.ts";

/** ingress-nginx `upstream-keepalive-connections`. */
const MOST_IDLE = 320;

const RETRY_MS = 40;

/**
 * One connection to an upstream, for one request at a time. nginx's retry rule needs to know if the
 * connection was reused, which undici's `Pool` does not tell; hence our own pool.
 */
export interface Lane {
  readonly client: Http1Client;
  /** The open connection has carried a request before. */
  reused: boolean;
  /** For this lane's next connection. */
  connectTimeoutMs: number;
  /** The request may wait for a restarting upstream. */
  patient: boolean;
}

/** What a request needs of a lane. */
interface LaneUse {
  /** `kept`: an idle connection, if there is one (`reused`). */
  readonly connection: "kept" | "fresh";
  /** It may be sent twice; only then it waits for an upstream that restarts. */
  readonly idempotent: boolean;
}

/**
 * Connections to all upstreams. Connections in use are unlimited: an open stream never holds up another
 * request. The most recent idle ones are kept, as by the controller's `upstream-keepalive-connections`.
 */
export interface Pools {
  /** A lane for one request; give it back with `release` or `discard`. */
  take(upstream: Upstream, connectTimeoutMs: number, use: LaneUse): Lane;
  /** The response was read to its end. */
  release(upstream: Upstream, lane: Lane): void;
  /** Closes the connection with its request. */
  discard(lane: Lane, reason: Error): void;
  /** A connection for an upgrade, outside of the lanes. */
  connect(upstream: Upstream, timeoutMs: number, connected: Connected): void;
  close(): void;
}

interface Pool {
  /** The latest one: its target may change under the same name. */
  upstream: Upstream;
  state: "unknown" | "up" | "down";
  /** First refusal after a success; `undefined` while connections succeed. */
  refusedSince: number | undefined;
}

/** unit of times: ms */
export interface PoolOptions {
  readonly idleMs: number;
  readonly restartMs: number;
  readonly now: () => number;
  readonly onUpstream: (event: UpstreamEvent) => void;
  readonly onFault: (fault: unknown) => void;
}

/** Opens pools and connections on demand. */
export function createPools(options: PoolOptions): Pools {
  const pools = new Map<string, Pool>();
  const lanes = new Set<Lane>();
  const resting = createResting<Pool, Lane>(MOST_IDLE);
  const discard = (lane: Lane, reason: Error): void => {
    lanes.delete(lane);
    lane.client.destroy(reason);
  };
  const poolOf = (upstream: Upstream): Pool => {
    const key = connectionKey(upstream);
    const found = pools.get(key);
    if (found !== undefined) {
      found.upstream = upstream;
      return found;
    }
    const pool: Pool = { upstream, state: "unknown", refusedSince: undefined };
    if (isRetired(upstream)) return pool;
    pools.set(key, pool);
    whenRetired(upstream, () => {
      pools.delete(key);
      for (const lane of resting.wakeAll(pool)) discard(lane, new Error(`${upstream.name} has retired`));
    });
    return pool;
  };
  const open = (pool: Pool): Lane => {
    const lane = openLane(pool, options);
    lanes.add(lane);
    lane.client.onFault(options.onFault);
    lane.client.onDisconnect(() => {
      lane.reused = false;
      if (resting.wake(lane)) lanes.delete(lane);
    });
    return lane;
  };
  const ready = (lane: Lane, connectTimeoutMs: number, idempotent: boolean): Lane => {
    lane.connectTimeoutMs = connectTimeoutMs;
    lane.patient = idempotent;
    return lane;
  };
  return {
    take(upstream, timeoutMs, { connection, idempotent }) {
      const pool = poolOf(upstream);
      const kept = connection === "kept" ? resting.wakeLatest(pool) : undefined;
      return ready(kept ?? open(pool), timeoutMs, idempotent);
    },
    release(upstream, lane) {
      lane.reused = true;
      if (lane.client.destroyed) return;
      const tooMany = isRetired(upstream) ? lane : resting.rest(poolOf(upstream), lane);
      if (tooMany !== undefined) discard(tooMany, new Error("not kept at rest"));
    },
    discard,
    connect: (upstream, timeoutMs, connected) =>
      attempt(poolOf(upstream), { connectTimeoutMs: timeoutMs, patient: true }, options, connected),
    close() {
      const reason = new Error("the proxy was stopped");
      for (const lane of lanes) lane.client.destroy(reason);
      lanes.clear();
      pools.clear();
    },
  };
}

function openLane(pool: Pool, options: PoolOptions): Lane {
  const lane: Lane = {
    client: new Http1Client(options.idleMs, (connected) => attempt(pool, lane, options, connected)),
    reused: false,
    connectTimeoutMs: 0,
    patient: false,
  };
  return lane;
}

/** Connects, repeatedly while the upstream seems to restart, and reports that it came or went. */
function attempt(
  pool: Pool,
  attemptOptions: { readonly connectTimeoutMs: number; readonly patient: boolean },
  options: PoolOptions,
  connected: Connected,
): void {
  const ready: Connected = (error, stream) => {
    if (error === null) {
      seen(pool, "up", "accepts connections again", options);
      pool.refusedSince = undefined;
      return connected(null, stream);
    }
    const refused = error instanceof ConnectFailure && error.code === "ECONNREFUSED";
    const now = options.now();
    if (refused && pool.state !== "unknown") pool.refusedSince ??= now;
    const waitedMs = pool.refusedSince === undefined ? options.restartMs : now - pool.refusedSince;
    if (refused && attemptOptions.patient && waitedMs < options.restartMs) {
      setTimeout(() => attempt(pool, attemptOptions, options, connected), RETRY_MS);
      return;
    }
    seen(pool, "down", causeOf(error), options);
    connected(error, null);
  };
  connectTo(pool.upstream, attemptOptions.connectTimeoutMs, ready, options.onFault);
}

function seen(pool: Pool, state: "up" | "down", message: string, options: PoolOptions): void {
  const before = pool.state;
  pool.state = state;
  if (before === state || (before === "unknown" && state === "up")) return;
  options.onUpstream({ type: "upstream", upstream: pool.upstream.name, state, message });
}
