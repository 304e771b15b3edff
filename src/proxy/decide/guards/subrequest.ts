import type { HeaderLine } from "../../../model/decision.ts";
import type { Upstream } from "../../../model/upstream.ts";
import type { BackendHead, Refresh, Sink } from "../../carry/carrier.ts";
import { directOrHttp1 } from "../../carry/direct-or-http1.ts";
import type { Pools } from "../../connect/pool.ts";
import { latin1 } from "../../exchange/header-lines.ts";

/** nginx's defaults for subrequests; the template sets none. unit: ms */
const CONNECT_TIMEOUT_MS = 60_000;
const READ_TIMEOUT_MS = 60_000;
/** Of a body that nobody reads; this much is read to keep the connection. */
const MOST_UNREAD_BYTES = 65_536;
/** Of a body that the client gets. */
const MOST_KEPT_BYTES = 16_777_216;

export interface Reply {
  readonly status: number;
  /** Names as sent; one char per byte. */
  readonly headers: readonly HeaderLine[];
  /** default: not kept */
  readonly body?: Buffer | undefined;
}

export interface Question {
  readonly method: string;
  readonly path: string;
  /** All sent headers, names and values alternating. */
  readonly lines: readonly string[];
  /** default: none */
  readonly body?: Buffer | null | undefined;
  /** Its length; `""` for none. */
  readonly length?: string | undefined;
  /** "kept": the answer has its body. default: only its head is waited for */
  readonly reply?: "kept" | undefined;
}

/** Asks an upstream and resolves with the answer. Rejects without one, or on the signal. */
export function ask(
  pools: Pools,
  upstream: Upstream,
  question: Question,
  signal: AbortSignal,
): Promise<Reply> {
  const { body = null, length = "" } = question;
  const request = { ...question, body, length, readTimeoutMs: READ_TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    const go = (connection: "kept" | "fresh") => {
      const how = { upstream, request, connectTimeoutMs: CONNECT_TIMEOUT_MS, connection, idempotent: true };
      const asked = new Subrequest(
        resolve,
        (error, refresh) => {
          signal.removeEventListener("abort", stop);
          // A kept connection may be closed while sending; that says nothing about the server.
          if (refresh === "stale" && connection === "kept" && !signal.aborted) go("fresh");
          else if (error !== undefined) reject(error);
        },
        question.reply,
      );
      const carrier = directOrHttp1(pools, how, asked);
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

/** Receives one answer. */
class Subrequest implements Sink {
  /** Called if the body is too large to be read. */
  tooMuch: () => void = () => {};
  readonly #answered: (reply: Reply) => void;
  readonly #over: (error?: Error, refresh?: Refresh) => void;
  #bytes = 0;
  #head: Reply | undefined;
  /** default: only the head counts */
  readonly #body: Buffer[] | undefined;

  constructor(
    answered: (reply: Reply) => void,
    over: (error?: Error, refresh?: Refresh) => void,
    reply: Question["reply"],
  ) {
    this.#answered = answered;
    this.#over = over;
    this.#body = reply === "kept" ? [] : undefined;
  }

  head({ status, raw }: BackendHead): void {
    const headers: HeaderLine[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) headers.push([latin1(raw[i]), latin1(raw[i + 1])]);
    this.#head = { status, headers };
    if (this.#body === undefined) this.#answered(this.#head);
  }

  data(chunk: Buffer): "free" {
    this.#bytes += chunk.length;
    const most = this.#body === undefined ? MOST_UNREAD_BYTES : MOST_KEPT_BYTES;
    if (this.#bytes > most) {
      this.tooMuch();
      this.#over(this.#body && new Error(`its answer has more than ${most} bytes`));
      return "free";
    }
    // The carrier uses its buffer again.
    this.#body?.push(Buffer.from(chunk));
    return "free";
  }

  trailers(): void {}

  end(): void {
    if (this.#body !== undefined && this.#head !== undefined)
      this.#answered({ ...this.#head, body: Buffer.concat(this.#body) });
    this.#over();
  }

  fail(error: Error, refresh?: Refresh): void {
    this.#over(error, refresh);
  }
}
