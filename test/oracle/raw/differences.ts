import type { Observed } from "./observe.ts";

/** A way in which ingress-dev reads a request otherwise on purpose. */
export interface RawDifference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  readonly covers: (bytes: string, nginx: Observed, ours: Observed) => boolean;
}

/** Every difference that is meant; one that is not in this list fails the test. The reasons: `docs/differences.md`. */
export const RAW_DIFFERENCES: readonly RawDifference[] = [
  {
    name: "An upgrade that the backend does not give",
    covers: (bytes, nginx, ours) =>
      UPGRADE.test(bytes) && ours.answers.at(-1)?.includes(" | close | ") === true && statuses(nginx, ours),
  },
];

const UPGRADE = /\nUpgrade: *[^\s]/i;

/** The last answer of ours is nginx's, but for the connection. */
function statuses(nginx: Observed, ours: Observed): boolean {
  const last = ours.answers.length - 1;
  return nginx.answers[last]?.slice(0, 3) === ours.answers[last]?.slice(0, 3);
}
