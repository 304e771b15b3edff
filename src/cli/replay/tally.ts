import type { RecordedRequest } from "../../har/recorded.ts";
import type { Said } from "../recorded/said.ts";

/** Equal requests whose answers differ in one way. */
export interface ReplayDifference {
  /** The first of them. */
  readonly request: RecordedRequest;
  readonly recorded: Said;
  readonly now: Said;
  count: number;
}

/** Requests that are not compared, for one reason. */
interface LeftOut {
  readonly why: string;
  count: number;
  readonly examples: string[];
}

/** What a replay comes to. */
export interface Tally {
  compared: number;
  different: number;
  readonly differences: ReplayDifference[];
  readonly leftOut: LeftOut[];
}

const MOST_EXAMPLES = 5;

export function addLeftOut(tally: Tally, why: string, example: string, count = 1): void {
  let entry = tally.leftOut.find((each) => each.why === why);
  if (entry === undefined) {
    entry = { why, count: 0, examples: [] };
    tally.leftOut.push(entry);
  }
  entry.count += count;
  if (entry.examples.length < MOST_EXAMPLES && !entry.examples.includes(example))
    entry.examples.push(example);
}

/** Counts differences, and keeps equal ones once. */
export function createTally(): {
  readonly tally: Tally;
  readonly same: () => void;
  readonly differs: (request: RecordedRequest, recorded: Said, now: Said) => void;
} {
  const tally: Tally = { compared: 0, different: 0, differences: [], leftOut: [] };
  const known = new Map<string, ReplayDifference>();
  return {
    tally,
    same() {
      tally.compared++;
    },
    differs(request, recorded, now) {
      tally.compared++;
      tally.different++;
      const { method, scheme, host, target } = request;
      const key = JSON.stringify([method, scheme, host, target, recorded, now]);
      const before = known.get(key);
      if (before !== undefined) before.count++;
      else {
        const difference = { request, recorded, now, count: 1 };
        known.set(key, difference);
        tally.differences.push(difference);
      }
    },
  };
}
