import type { HeaderLine, Scheme } from "./decision.ts";

/** A request as an HTTP/1.1 client would send it; one char per byte. */
export interface SampleRequest {
  readonly scheme: Scheme;
  /** The entry point that it comes by. default: the first of its scheme */
  readonly entryPoint?: string | undefined;
  readonly method: string;
  /** In origin form, raw: `/a%2Fb?c`. */
  readonly target: string;
  /** In order, `Host` included. */
  readonly headers: readonly HeaderLine[];
  /** default: as the headers announce. unit: bytes */
  readonly bodySize?: number | undefined;
  /** default: this computer's */
  readonly client?: string | undefined;
  /** At least 0 and less than 1; decides random choices. default: the larger share */
  readonly chance?: number | undefined;
}
