import type { HeaderLine, Scheme } from "../model/decision.ts";
import type { KnownOutcome } from "./known-outcome.ts";

export interface RecordedAnswer {
  readonly status: number;
  /** One char per byte. */
  readonly location?: string | undefined;
  /** Of the body, if it is text. */
  readonly text?: string | undefined;
}

/** A request of a recording, with its answer. Texts have one char per byte. */
export interface RecordedRequest {
  /** 1-based line in the file. */
  readonly line: number;
  readonly scheme: Scheme;
  readonly method: string;
  /** With port, as in the URL. */
  readonly host: string;
  /** In origin form, raw. */
  readonly target: string;
  /** Without pseudo headers; `Host` included. */
  readonly headers: readonly HeaderLine[];
  /** `cut`: not recorded in full. default: none */
  readonly body?: Buffer | "cut" | undefined;
  /** unit: bytes */
  readonly bodySize: number;
  /** default: none came, or none was recorded */
  readonly answer?: RecordedAnswer | undefined;
  readonly known?: KnownOutcome | undefined;
}
