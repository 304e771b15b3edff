import type { UpstreamEvent } from "../../model/event.ts";
import type { Upstream } from "../../model/upstream.ts";
import { type Connected, ConnectFailure, causeOf, connectTo, type Reads } from "./connect.ts";
import { Http1Client } from "./http1-client.ts";
import { createResting } from "./resting.ts";
import { isRetired, whenRetired } from "./retirement.ts";
import { connectionKey } from "./upstream-tls.ts";

/** ingress-nginx `upstream-keepalive-connections`. */
const MOST_IDLE = 320;

const RETRY_MS = 40;

/**
 * One connection to an upstream, for one request at a time.
 */
export interface Lane {
  readonly client: Http1Client;
  /** It has carried a request before; nginx's retry rule asks for it. */
  reused: boolean;
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
  /** A lane for one request; give it back with `release`, or destroy its client. */
  take(upstream: Upstream, connectTimeoutMs: number, use: LaneUse): Lane;
  /** The response was read to its end. */
  release(upstream: Upstream, lane: Lane): void;
  /** A connection outside of the lanes, as for FastCGI and TLS passthrough. */
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
      for (const lane of resting.wakeAll(pool)) lane.client.destroy();
    });
    return pool;
  };
  const open = (pool: Pool, patience: Patience): Lane => {
    const connect = (connected: Connected) => attempt(pool, patience, options, connected, "own");
    const closed = () => {
      resting.wake(lane);
      lanes.delete(lane);
    };
    const lane: Lane = { client: new Http1Client(options.idleMs, connect, closed), reused: false };
    lanes.add(lane);
    return lane;
  };
  return {
    take(upstream, timeoutMs, { connection, idempotent }) {
      const pool = poolOf(upstream);
      const kept = connection === "kept" ? resting.wakeLatest(pool) : undefined;
      return kept ?? open(pool, { connectTimeoutMs: timeoutMs, isPatient: idempotent });
    },
    release(upstream, lane) {
      lane.reused = true;
      if (lane.client.isOver) return;
      const tooMany = isRetired(upstream) ? lane : resting.rest(poolOf(upstream), lane);
      tooMany?.client.destroy();
    },
    connect: (upstream, timeoutMs, connected) =>
      attempt(
        poolOf(upstream),
        { connectTimeoutMs: timeoutMs, isPatient: true },
        options,
        connected,
        "events",
      ),
    close() {
      for (const lane of lanes) lane.client.destroy();
      pools.clear();
    },
  };
}

interface Patience {
  readonly connectTimeoutMs: number;
  /** The request may wait for a restarting upstream. */
  readonly isPatient: boolean;
}

/** Connects, repeatedly while the upstream seems to restart, and reports that it came or went. */
function attempt(
  pool: Pool,
  patience: Patience,
  options: PoolOptions,
  connected: Connected,
  reads: Reads,
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
    if (refused && patience.isPatient && waitedMs < options.restartMs) {
      setTimeout(() => attempt(pool, patience, options, connected, reads), RETRY_MS);
      return;
    }
    seen(pool, "down", causeOf(error), options);
    connected(error, null);
  };
  connectTo(pool.upstream, patience.connectTimeoutMs, ready, options.onFault, reads);
}

function seen(pool: Pool, state: "up" | "down", message: string, options: PoolOptions): void {
  const before = pool.state;
  pool.state = state;
  if (before === state || (before === "unknown" && state === "up")) return;
  options.onUpstream({ type: "upstream", upstream: pool.upstream.name, state, message });
}
