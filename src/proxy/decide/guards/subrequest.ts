import type { HeaderLine } from "../../../model/decision.ts";
import type { Upstream } from "../../../model/upstream.ts";
import type { BackendHead, Refresh, Sink } from "../../carry/carrier.ts";
import { Http1Carrier } from "../../carry/http1.ts";
import type { ProxyContext } from "../../exchange/context.ts";
import { latin1 } from "../../exchange/header-lines.ts";

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
  const request = { ...question, body: null, length: "", readTimeoutMs: READ_TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    const go = (connection: "kept" | "fresh") => {
      const route = { pools, upstream, connection, repeatable: true, connectTimeoutMs: CONNECT_TIMEOUT_MS };
      const asked = new Subrequest(resolve, (error, refresh) => {
        signal.removeEventListener("abort", stop);
        // A kept connection may be closed at the very moment of sending: that says nothing of the server.
        if (refresh === "stale" && connection === "kept" && !signal.aborted) go("fresh");
        else if (error !== undefined) reject(error);
      });
      const carrier = new Http1Carrier(route, request, asked);
      const stop = () => {
        carrier.stop(new Error("nobody waits for it any more"));
        reject(new Error("the client left"));
      };
      signal.addEventListener("abort", stop, { once: true });
      asked.tooMuch = () => carrier.stop(new Error("the answer has a large body"));
      carrier.start();
    };
    go("kept");
  });
}

/** One answer on its way: the head is all that counts. */
class Subrequest implements Sink {
  /** Called for a body that is too large to be read to its end. */
  tooMuch: () => void = () => {};
  readonly #answered: (reply: Reply) => void;
  readonly #over: (error?: Error, refresh?: Refresh) => void;
  #bytes = 0;

  constructor(answered: (reply: Reply) => void, over: (error?: Error, refresh?: Refresh) => void) {
    this.#answered = answered;
    this.#over = over;
  }

  head({ status, raw }: BackendHead): void {
    const headers: HeaderLine[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) headers.push([latin1(raw[i]), latin1(raw[i + 1])]);
    this.#answered({ status, headers });
  }

  data(chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#bytes <= MOST_BODY_BYTES) return;
    this.tooMuch();
    this.#over();
  }

  trailers(): void {}

  end(): void {
    this.#over();
  }

  fail(error: Error, refresh?: Refresh): void {
    this.#over(error, refresh);
  }
}
