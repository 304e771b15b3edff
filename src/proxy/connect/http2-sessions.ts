import { type ClientHttp2Session, connect as connectHttp2 } from "node:http2";
import type { Upstream } from "../../model/upstream.ts";
import type { Pools } from "./pool.ts";
import { isRetired, whenRetired } from "./retirement.ts";
import { connectionKey } from "./upstream-tls.ts";

/** Most servers allow this many (RFC 9113 section 6.5.2). */
const MOST_STREAMS = 100;

/** The window of a stream (RFC 9113 section 6.9.2), which a stalled reader may leave full. unit: bytes */
const STREAM_WINDOW = 65_535;

/** A shared HTTP/2 connection to an upstream. */
export interface Http2Lane {
  readonly session: ClientHttp2Session;
  open: number;
  /** It has answered a request before. */
  served: boolean;
}

/** Called once, with a lane that already counts the request, or with the error. */
type Taken = (error: Error | null, lane: Http2Lane | null) => void;

/**
 * HTTP/2 connections to all upstreams. Each carries at most 100 requests at a time, or the upstream's limit;
 * further requests open another one, so none waits for an open stream.
 */
export interface Http2Sessions {
  take(upstream: Upstream, connectTimeoutMs: number, taken: Taken): void;
  release(lane: Http2Lane): void;
  close(): void;
}

interface Party {
  readonly lanes: Set<Http2Lane>;
  readonly waiting: Taken[];
}

/** @param idleMs lifetime of a connection without requests */
export function createHttp2Sessions(connect: Pools["connect"], idleMs: number): Http2Sessions {
  const parties = new Map<string, Party>();
  const partyOf = (upstream: Upstream): Party => {
    const key = connectionKey(upstream);
    const found = parties.get(key);
    if (found !== undefined) return found;
    const party: Party = { lanes: new Set(), waiting: [] };
    if (isRetired(upstream)) return party;
    parties.set(key, party);
    whenRetired(upstream, () => {
      parties.delete(key);
      // Takes no new requests, and closes after the current ones.
      for (const { session } of party.lanes) session.close();
    });
    return party;
  };
  return {
    take(upstream, connectTimeoutMs, taken) {
      const party = partyOf(upstream);
      const free = [...party.lanes].find(hasRoom);
      if (free !== undefined) return give(free, taken);
      party.waiting.push(taken);
      if (party.waiting.length % MOST_STREAMS !== 1) return;
      connect(upstream, connectTimeoutMs, (error, stream) => {
        const served = party.waiting.splice(0, MOST_STREAMS);
        if (stream === null) {
          for (const taken of served) taken(error, null);
          return;
        }
        const lane = openLane(
          party,
          connectHttp2(`${scheme(upstream)}://upstream`, clientOptions(stream)),
          idleMs,
        );
        for (const taken of served) give(lane, taken);
      });
    },
    release(lane) {
      lane.open--;
      lane.served = true;
    },
    close() {
      for (const { lanes } of parties.values()) for (const { session } of lanes) session.destroy();
      parties.clear();
    },
  };
}

function clientOptions(stream: import("node:stream").Duplex) {
  return {
    createConnection: () => stream,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW },
  };
}

function scheme({ protocol }: Upstream): "http" | "https" {
  return protocol === "grpcs" ? "https" : "http";
}

function hasRoom({ session, open }: Http2Lane): boolean {
  const most = Math.min(session.remoteSettings.maxConcurrentStreams ?? MOST_STREAMS, MOST_STREAMS);
  return !session.closed && !session.destroyed && open < most;
}

function give(lane: Http2Lane, taken: Taken): void {
  lane.open++;
  taken(null, lane);
}

function openLane(party: Party, session: ClientHttp2Session, idleMs: number): Http2Lane {
  const lane: Http2Lane = { session, open: 0, served: false };
  party.lanes.add(lane);
  const leave = () => party.lanes.delete(lane);
  // Each stream reports its own error; a session after GOAWAY takes no more.
  session.on("error", leave).on("goaway", leave).on("close", leave);
  session.on("connect", () => session.setLocalWindowSize(MOST_STREAMS * STREAM_WINDOW));
  session.setTimeout(idleMs, () => {
    if (lane.open === 0) session.close();
  });
  return lane;
}
