import type { Observed } from "./observe.ts";

/** A way in which ingress-dev reads a request otherwise on purpose. */
export interface RawDifference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  readonly covers: (bytes: string, nginx: Observed, ours: Observed) => boolean;
}

/** Every difference that is meant; one that is not in this list fails the test. The reasons: `docs/differences.md`. */
export const RAW_DIFFERENCES: readonly RawDifference[] = [];
