import type { ApiRequest } from "./request.ts";

/** Which requests a fault is for; what is left out is not looked at. */
interface Where {
  readonly method?: string;
  /** As access rules name it: `list`, `watch`, `get`, `create`, … */
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
  /** After so many requests it is over. */
  readonly count?: number;
}

/** Any answer but the right one. */
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
  /** Waits so many ms before the answer, or before each of so many pieces of it. A watch: before each event. */
  | { readonly do: "slow"; readonly ms: number; readonly pieces?: number }
  /** 200 with a page of HTML. A watch: a line of it. */
  | { readonly do: "garbage" }
  /** A list without `items`. */
  | { readonly do: "empty-list" }
  /** The server stops to listen and lets go of every connection, until the fault is lifted. */
  | { readonly do: "down" };

/** What goes wrong in the middle of an answer; watches and port-forwards that are running are hit at once. */
type StreamFault =
  /** Half of the body, or half of an event, then the end of the connection. */
  | { readonly do: "truncated" }
  /** Half of the body, then nothing more, and the connection stays. A watch: no event any more. */
  | { readonly do: "stalled" }
  /** The connection is closed in the middle of the body. */
  | { readonly do: "close" }
  /** The connection is reset in the middle of the body. */
  | { readonly do: "reset" }
  /** Watches: an `ERROR` event with this code (410), then the end. */
  | { readonly do: "error-event"; readonly status?: number; readonly message?: string }
  /** Watches: the regular end of the stream. */
  | { readonly do: "end" };

/** What goes wrong in a port-forward, once the upgrade is through. */
type ForwardFault =
  /** A text on the error channel, before any data or after so many bytes of it to the client; then the end. */
  | { readonly do: "error-text"; readonly text: string; readonly afterBytes?: number }
  /** The pod is gone after so many bytes to the client (0: at once): the end without a word, as the kubelet does. */
  | { readonly do: "pod-killed"; readonly afterBytes?: number }
  /** Half a message, then the end of the data stream while the rest is still to come. */
  | { readonly do: "data-closes-early"; readonly afterBytes?: number }
  /** Nothing that the client sends is read. */
  | { readonly do: "stalled-reader" }
  /** Nothing (more) is sent after so many bytes. */
  | { readonly do: "stalled-writer"; readonly afterBytes?: number }
  /** So many bytes of data, as fast as they go. */
  | { readonly do: "flood"; readonly bytes: number }
  /** The first frame names another port. */
  | { readonly do: "wrong-port"; readonly port?: number }
  /** A frame of a channel that nobody asked for, before any data. */
  | { readonly do: "unknown-channel"; readonly channel?: number }
  /** A first frame of a single byte instead of two. */
  | { readonly do: "short-port" }
  /** A text frame, before any data. */
  | { readonly do: "text-frame"; readonly text?: string };

/** Something that goes wrong, for the requests that it is for. */
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

/** A watch or a port-forward that is running. */
export interface RunningStream {
  readonly request: ApiRequest;
  /** Makes the fault happen now. */
  hit(fault: Fault): void;
}

/** The faults in force. */
export class Faults {
  readonly #active: { readonly fault: Fault; left: number }[] = [];

  /** Adds a fault, which hits what is running at once where it is of that sort; returns how to lift it. */
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

  /** The first fault for a request, which counts as one of its times. */
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
