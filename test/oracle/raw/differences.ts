import type { Observed } from "./observe.ts";

/** An intended difference in reading requests. */
export interface RawDifference {
  /** The heading of its section in `docs/differences.md`. */
  readonly name: string;
  readonly covers: (bytes: string, nginx: Observed, ours: Observed) => boolean;
}

/** Intended differences, with reasons in `docs/differences.md`. Any other one fails the test. */
export const RAW_DIFFERENCES: readonly RawDifference[] = [
  {
    name: "An upgrade that the backend does not give",
    covers: (bytes, nginx, ours) =>
      UPGRADE.test(bytes) && ours.answers.at(-1)?.includes(" | close | ") === true && statuses(nginx, ours),
  },
];

const UPGRADE = /\nUpgrade: *[^\s]/i;

/** The last answer equals nginx's except for the connection. */
function statuses(nginx: Observed, ours: Observed): boolean {
  const last = ours.answers.length - 1;
  return nginx.answers[last]?.slice(0, 3) === ours.answers[last]?.slice(0, 3);
}
