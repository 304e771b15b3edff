import type { Duplex } from "node:stream";
import { ForwardFailure } from "./failure.ts";
import { type ForwardingApi, openForward, type PodPort } from "./open.ts";
import { createSlots, type Release } from "./slots.ts";
import type { PodStream, PodStreamLimits } from "./stream.ts";

export interface ForwardLimits extends PodStreamLimits {
  /** Streams at once: each is a connection to the API server, and one from there to the pod's node. */
  readonly streams: number;
  /** The life of streams to a pod that is gone. unit: ms */
  readonly goneMs: number;
}

export const FORWARD_LIMITS: ForwardLimits = {
  streams: 1_024,
  goneMs: 1_000,
  heartbeatMs: 5_000,
  silenceMs: 2_000,
};

export interface PodForwards {
  /** A new stream; fails as `openForward` does. Waits for one to end when too many are open. */
  readonly open: (to: PodPort, signal: AbortSignal) => Promise<Duplex>;
  /** Ends the streams to pods that are gone, a while later: their last bytes may be on the way. */
  readonly keep: (isThere: (to: PodPort) => boolean) => void;
  /** Ends every stream; none can be opened afterwards. */
  readonly close: () => void;
}

/** Opens nothing by itself. */
export function createPodForwards(api: ForwardingApi, limits: ForwardLimits = FORWARD_LIMITS): PodForwards {
  const slots = createSlots(limits.streams);
  const streams = new Map<PodStream, PodPort>();
  const opening = new Set<AbortController>();
  let closed: ForwardFailure | undefined;

  async function open(to: PodPort, signal: AbortSignal): Promise<Duplex> {
    if (closed !== undefined) throw closed;
    const attempt = new AbortController();
    const abort = () => attempt.abort(signal.reason);
    opening.add(attempt);
    signal.addEventListener("abort", abort, { once: true });
    let release: Release | undefined;
    try {
      release = await slots.take(attempt.signal);
      const stream = await openForward(api, to, limits, attempt.signal);
      streams.set(stream, to);
      stream.once("close", () => streams.delete(stream)).once("close", release);
      return stream;
    } catch (error) {
      release?.();
      throw error;
    } finally {
      opening.delete(attempt);
      signal.removeEventListener("abort", abort);
    }
  }

  return {
    open,
    keep: (isThere) => {
      const left = [...streams].filter(([, to]) => !isThere(to));
      if (left.length === 0) return;
      setTimeout(() => {
        for (const [stream, { namespace, pod }] of left)
          stream.destroy(new ForwardFailure(`the pod ${namespace}/${pod} is gone`, "ECONNRESET"));
      }, limits.goneMs).unref();
    },
    close: () => {
      closed = new ForwardFailure("the port-forwards were closed", "ECONNRESET");
      for (const attempt of opening) attempt.abort(closed);
      for (const stream of streams.keys()) stream.destroy(closed);
    },
  };
}
