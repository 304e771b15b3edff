import type { Dispatcher } from "undici";
import type { HeaderLine } from "../../../model/decision.ts";
import type { Upstream } from "../../../model/upstream.ts";
import { send } from "../../carry/send.ts";
import type { Lane } from "../../connect/pool.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import { isStale } from "../../exchange/failure.ts";

/** Of a server that is asked beside the request itself, in ms: nginx's own defaults, for the template sets no others. */
const CONNECT_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 60_000;
/** Of an answer's body, which nobody reads, so much is let through for the sake of the connection. */
const MOST_BODY_BYTES = 65_536;

/** The head of an answer. */
export interface Reply {
  readonly status: number;
  /** Names as sent, one char a byte. */
  readonly headers: readonly HeaderLine[];
}

/** What is asked: a request without a body. */
export interface Question {
  readonly method: string;
  readonly path: string;
  /** Names and values in turn: all that is sent. */
  readonly lines: readonly string[];
}

/** Asks an upstream, and gives the head of its answer. Fails where there is none, or the signal says to stop. */
export function ask(
  { pools }: ProxyContext,
  upstream: Upstream,
  question: Question,
  signal: AbortSignal,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const go = (lane: Lane) => {
      const { reused } = lane;
      const stop = () => pools.discard(lane, new Error("nobody waits for it any more"));
      const over = () => signal.removeEventListener("abort", stop);
      signal.addEventListener("abort", stop, { once: true });
      const asked = new Asked(resolve, {
        ended: (whole) => {
          over();
          if (whole) pools.release(upstream, lane);
          else pools.discard(lane, new Error("the answer has a large body"));
        },
        failed: (error) => {
          over();
          pools.discard(lane, error);
          // A connection at rest may be closed at the very moment of sending: that says nothing of the server.
          if (reused && isStale(error) && !signal.aborted)
            go(pools.open(upstream, CONNECT_TIMEOUT_MS, { idempotent: true }));
          else reject(error);
        },
      });
      send(lane, { ...question, body: null, length: "", readTimeoutMs: READ_TIMEOUT_MS }, asked);
    };
    go(pools.take(upstream, CONNECT_TIMEOUT_MS, { idempotent: true }));
  });
}

interface End {
  /** `whole`: the body was read to its end, and the connection can be used again. */
  readonly ended: (whole: boolean) => void;
  readonly failed: (error: Error) => void;
}

/** One answer on its way: the head is all that counts. */
class Asked implements Dispatcher.DispatchHandler {
  readonly #head: (reply: Reply) => void;
  readonly #end: End;
  #bytes = 0;
  #over = false;

  constructor(head: (reply: Reply) => void, end: End) {
    this.#head = head;
    this.#end = end;
  }

  onConnect(): void {}

  onHeaders(status: number, raw: Buffer[]): boolean {
    if (status < 200) return true;
    const headers: HeaderLine[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2)
      headers.push([raw[i]?.toString("latin1") ?? "", raw[i + 1]?.toString("latin1") ?? ""]);
    this.#head({ status, headers });
    return true;
  }

  onData(chunk: Buffer): boolean {
    this.#bytes += chunk.length;
    if (this.#bytes > MOST_BODY_BYTES) this.#settle(() => this.#end.ended(false));
    return true;
  }

  onComplete(): void {
    this.#settle(() => this.#end.ended(true));
  }

  onError(error: Error): void {
    this.#settle(() => this.#end.failed(error));
  }

  #settle(end: () => void): void {
    if (this.#over) return;
    this.#over = true;
    end();
  }
}
