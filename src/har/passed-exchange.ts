import type { Scheme } from "../model/decision.ts";
import type { KnownOutcome } from "./known-outcome.ts";

/** A body as it went over the connection, perhaps only its beginning. */
export interface PassedBody {
  readonly bytes: Buffer;
  /** All of it. unit: bytes */
  readonly size: number;
}

/** A request and its answer as they went between a client and the proxy. Header texts have one char per byte. */
export interface PassedExchange {
  /** unit: ms since 1970 */
  readonly startedAt: number;
  /** Up to the answer's head, and up to its end. unit: ms */
  readonly waitMs: number;
  readonly durationMs: number;
  readonly method: string;
  readonly scheme: Scheme;
  /** As sent; `""` for none. */
  readonly host: string;
  readonly target: string;
  /** `1.1`, `2.0` */
  readonly version: string;
  /** Names and values alternating. */
  readonly requestHeaders: readonly string[];
  readonly requestBody: PassedBody;
  /** 0: none */
  readonly status: number;
  readonly statusText: string;
  readonly responseHeaders: readonly string[];
  readonly responseBody: PassedBody;
  /** The response's body without its `Content-Encoding`. default: it has none, or it is not known */
  readonly decoded?: Buffer | undefined;
  /** Where the client connected to. */
  readonly server: { readonly address: string; readonly port: number };
  readonly known: KnownOutcome;
}
