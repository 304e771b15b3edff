import type { Seen } from "./both.ts";
import type { OracleRequest } from "./requests.ts";

/** A way in which ingress-dev answers otherwise on purpose, or because the two nginx versions do. */
export interface Difference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  readonly covers: (request: OracleRequest, nginx: Seen, ours: Seen) => boolean;
}

/** Every difference that is meant; one that is not in this list fails the test. The reasons: `docs/differences.md`. */
export const DIFFERENCES: readonly Difference[] = [
  {
    name: "Bytes above 127 in the request line",
    covers: ({ target }, _, ours) => /[\x80-\xff]/.test(target) && ours.status === 400,
  },
];
