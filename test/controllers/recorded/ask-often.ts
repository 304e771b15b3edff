import type { Recorded } from "../../answers/recorded.ts";
import type { WireAnswer } from "../ask.ts";
import type { Pods } from "../pods.ts";
import type { ServedSet } from "../serve-set.ts";

/** Chance may have given the real one this much more or less in a hundred answers. */
const BY_CHANCE = 0.15;

/** Asks one question often, or at once; each line names a difference from what the real controller gave together. */
export async function askedOften(
  { ask: { parallel, times = 1 }, answer, varies }: Recorded,
  once: () => Promise<WireAnswer>,
  pods: Pods,
  serviceAt: ServedSet["serviceAt"],
): Promise<readonly string[]> {
  if (parallel === undefined)
    return shareDifferences(answer.shares ?? {}, await sharesOf(times, once, pods, serviceAt));
  const all = await Promise.all(Array.from({ length: parallel }, () => once()));
  pods.take();
  const wanted = inOrder((answer.parallel ?? []).map(([status]) => status));
  const found = inOrder(all.map(({ status }) => status));
  return wanted === found || varies === true ? [] : [`at once: real ${wanted}, here ${found}`];
}

function inOrder(statuses: readonly unknown[]): string {
  return statuses.map(String).sort().join(" ");
}

/** The share of each Service, or status. */
async function sharesOf(
  times: number,
  once: () => Promise<WireAnswer>,
  pods: Pods,
  serviceAt: ServedSet["serviceAt"],
): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (let at = 0; at < times; at++) {
    const { status } = await once();
    const [seen] = pods.take().pods;
    const who = (seen && serviceAt(seen.at)?.service) ?? String(status);
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return new Map([...counts].map(([who, count]) => [who, count / times]));
}

function shareDifferences(
  real: Readonly<Record<string, number>>,
  here: ReadonlyMap<string, number>,
): readonly string[] {
  const all = new Set([...Object.keys(real), ...here.keys()]);
  return [...all].flatMap((who) => {
    const [theirs = 0, ours = 0] = [real[who], here.get(who)];
    const isEqual = theirs === 0 || theirs === 1 ? theirs === ours : Math.abs(theirs - ours) <= BY_CHANCE;
    return isEqual ? [] : [`share of ${who}: real ${theirs}, here ${ours}`];
  });
}
