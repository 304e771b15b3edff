import { explained } from "./differences.ts";
import { type Observed, openStage, type Pace, type Stage, type Trial } from "./observe.ts";
import { openIngressDev, openNginx } from "./sides.ts";

/** A trial on both sides. */
export interface Pair {
  readonly trial: Trial;
  readonly nginx: Observed;
  readonly ours: Observed;
  /** Names of the differences that are meant; `undefined`: they differ, and nobody knows why. */
  readonly explained: readonly string[] | undefined;
}

/** Both servers, each with backends and clients of its own. */
export interface Arena {
  compare(trials: readonly Trial[]): Promise<readonly Pair[]>;
  /** Ours alone. */
  ours(trials: readonly Trial[]): Promise<readonly Observed[]>;
  close(): Promise<void>;
}

/** Trials at a time on each side. */
const LANES = 96;

/**
 * Pieces must arrive apart, and silence must mean that nothing comes. Which times suffice depends on the
 * machine: what differs at one pace is tried again at the next.
 */
const PACES: readonly (Pace & { readonly lanes: number })[] = [
  { pauseMs: 1, patienceMs: 60, lanes: LANES },
  { pauseMs: 8, patienceMs: 300, lanes: LANES / 2 },
  { pauseMs: 30, patienceMs: 1_500, lanes: LANES / 8 },
];

export async function openArena(): Promise<Arena> {
  const [nginx, ours] = await Promise.all([openStage(openNginx, LANES), openStage(openIngressDev, LANES)]);
  return {
    compare: (trials) => compare(nginx, ours, trials),
    ours: async (trials) => ours.run(trials, PACES[1] ?? { pauseMs: 8, patienceMs: 300 }),
    close: async () => {
      await Promise.all([nginx.close(), ours.close()]);
    },
  };
}

async function compare(nginx: Stage, ours: Stage, trials: readonly Trial[]): Promise<readonly Pair[]> {
  const pairs: Pair[] = [];
  let left = trials.map((_, index) => index);
  for (const pace of PACES) {
    const some = left.map((index) => trials[index]).filter((trial) => trial !== undefined);
    const [theirs, own] = await Promise.all([
      nginx.run(some, pace, pace.lanes),
      ours.run(some, pace, pace.lanes),
    ]);
    for (const [at, index] of left.entries()) {
      const [trial, one, other] = [some[at], theirs[at], own[at]];
      if (trial !== undefined && one !== undefined && other !== undefined)
        pairs[index] = pairOf(trial, one, other);
    }
    left = left.filter((index) => pairs[index]?.explained === undefined);
  }
  return pairs;
}

function pairOf(trial: Trial, nginx: Observed, ours: Observed): Pair {
  return { trial, nginx, ours, explained: explained(trial.answer, trial.arrival, nginx, ours) };
}

export function isSame(one: Observed, other: Observed): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
