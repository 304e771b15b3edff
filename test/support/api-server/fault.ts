import type { ApiRequest } from "./request.ts";

/** The requests that a fault affects. A missing field matches any. */
interface Where {
  readonly method?: string;
  /** The verb of access rules: `list`, `watch`, `get`, `create`, … */
  readonly verb?: string;
  /** The whole path, or an expression somewhere in it. */
  readonly path?: string | RegExp;
  /** The kind of the object; without `subresource`, the object itself only. */
  readonly kind?: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
  /** Watches only, or anything but watches. */
  readonly watch?: boolean;
  /** The fault ends after this many requests. */
  readonly count?: number;
}

/** A wrong answer, or none. */
type AnswerFault =
  /** A `Status` of this code, with `Retry-After` (seconds) where given. */
  | {
      readonly do: "status";
      readonly status: number;
      readonly message?: string;
      readonly retryAfter?: number;
    }
  /** Accepted, never answered. */
  | { readonly do: "silent" }
  /** Waits `ms` before the answer, or before each of its `pieces`. A watch: before each event. */
  | { readonly do: "slow"; readonly ms: number; readonly pieces?: number }
  /** 200 with a page of HTML. A watch: a line of it. */
  | { readonly do: "garbage" }
  /** A list without `items`. */
  | { readonly do: "empty-list" }
  /** The server stops listening and closes every connection, until the fault is lifted. */
  | { readonly do: "down" };

/** A failure in the middle of an answer. It affects running watches and port-forwards at once. */
type StreamFault =
  /** Half of the body, or half of an event, then the end of the connection. */
  | { readonly do: "truncated" }
  /** Half of the body, then silence on an open connection. A watch: no more events. */
  | { readonly do: "stalled" }
  /** The connection is closed in the middle of the body. */
  | { readonly do: "close" }
  /** The connection is reset in the middle of the body. */
  | { readonly do: "reset" }
  /** Watches: an `ERROR` event with this code (410), then the end. */
  | { readonly do: "error-event"; readonly status?: number; readonly message?: string }
  /** Watches: the regular end of the stream. */
  | { readonly do: "end" };

/** A failure of a port-forward after its upgrade. */
type ForwardFault =
  /** A text on the error channel, then the end; first, or after this many bytes to the client. */
  | { readonly do: "error-text"; readonly text: string; readonly afterBytes?: number }
  /** The pod vanishes after this many bytes to the client (0: at once); the kubelet ends the stream silently. */
  | { readonly do: "pod-killed"; readonly afterBytes?: number }
  /** Half a message, then an early end of the data stream. */
  | { readonly do: "data-closes-early"; readonly afterBytes?: number }
  /** Never reads the client's data. */
  | { readonly do: "stalled-reader" }
  /** Sends nothing more after this many bytes. */
  | { readonly do: "stalled-writer"; readonly afterBytes?: number }
  /** Sends this many bytes as fast as possible. */
  | { readonly do: "flood"; readonly bytes: number }
  /** The first frame names another port. */
  | { readonly do: "wrong-port"; readonly port?: number }
  /** A frame of an unknown channel, before any data. */
  | { readonly do: "unknown-channel"; readonly channel?: number }
  /** A first frame of a single byte instead of two. */
  | { readonly do: "short-port" }
  /** A text frame, before any data. */
  | { readonly do: "text-frame"; readonly text?: string };

/** A failure and the requests that it affects. */
export type Fault = Where & (AnswerFault | StreamFault | ForwardFault);

const STREAM: readonly Fault["do"][] = ["truncated", "stalled", "close", "reset", "error-event", "end"];
const WATCH_ONLY: readonly Fault["do"][] = ["error-event", "end"];
const FORWARD: readonly Fault["do"][] = [
  "error-text",
  "pod-killed",
  "data-closes-early",
  "stalled-reader",
  "stalled-writer",
  "flood",
  "wrong-port",
  "unknown-channel",
  "short-port",
  "text-frame",
];

/** A running watch or port-forward. */
export interface RunningStream {
  readonly request: ApiRequest;
  /** Triggers the fault now. */
  hit(fault: Fault): void;
}

export class Faults {
  readonly #active: { readonly fault: Fault; left: number }[] = [];

  /** Adds a fault and triggers it in running streams that it affects; returns the function that lifts it. */
  add(fault: Fault, running: Iterable<RunningStream>): () => void {
    const entry = { fault, left: fault.count ?? Number.POSITIVE_INFINITY };
    this.#active.push(entry);
    if (STREAM.includes(fault.do) || fault.do === "pod-killed" || fault.do === "error-text") {
      for (const stream of [...running]) {
        if (entry.left <= 0 || !isFor(fault, stream.request)) continue;
        entry.left--;
        stream.hit(fault);
      }
    }
    return () => {
      const found = this.#active.indexOf(entry);
      if (found >= 0) this.#active.splice(found, 1);
    };
  }

  /** The first fault for a request, counted once. */
  take(request: ApiRequest): Fault | undefined {
    const found = this.#active.find((entry) => entry.left > 0 && isFor(entry.fault, request));
    if (found === undefined) return undefined;
    found.left--;
    return found.fault;
  }
}

function isFor(fault: Fault, request: ApiRequest): boolean {
  const { target, verb } = request;
  const forward = target?.subresource === "portforward";
  if (WATCH_ONLY.includes(fault.do) && verb !== "watch") return false;
  if (FORWARD.includes(fault.do) && !forward) return false;
  if (fault.do === "empty-list" && verb !== "list") return false;
  if (fault.watch !== undefined && fault.watch !== (verb === "watch")) return false;
  if (fault.kind !== undefined && !FORWARD.includes(fault.do) && fault.subresource !== target?.subresource)
    return false;
  return (
    is(fault.method, request.method) &&
    is(fault.verb, verb) &&
    is(fault.kind, target?.type.kind) &&
    is(fault.namespace, target?.namespace) &&
    is(fault.name, target?.name) &&
    is(fault.subresource, target?.subresource) &&
    (fault.path instanceof RegExp ? fault.path.test(request.path) : is(fault.path, request.path))
  );
}

function is(wanted: string | undefined, found: string | undefined): boolean {
  return wanted === undefined || wanted === found;
}
