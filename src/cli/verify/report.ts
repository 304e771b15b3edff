import { counted } from "../../counted.ts";
import type { DifferenceGroup } from "../../diff/difference.ts";
import type { Ended } from "../../verify/ask-controllers.ts";
import type { Witnesses } from "../../witness/witness.ts";
import { printDifferences } from "../diff/report.ts";
import type { ExitCode, Surroundings } from "../surroundings.ts";
import type { Comparison } from "./comparison.ts";
import type { SendPlan } from "./send-plan.ts";
import type { VerifyOptions } from "./verify-options.ts";

export interface Verified {
  readonly witnesses: Pick<Witnesses, "complete" | "incomplete">;
  readonly plan: SendPlan;
  readonly comparison: Comparison;
  readonly ended: Ended;
  readonly groups: readonly DifferenceGroup[];
}

/** Prints the report of `verify`, as `diff` prints its own. */
export async function printVerified(
  { witnesses, plan, comparison, ended, groups }: Verified,
  { targets, form, all }: VerifyOptions,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const [first, second] = targets;
  const compared = comparison.compared();
  const sent = compared + sum(comparison.undecided);
  const notes = [
    ...witnesses.incomplete,
    ...(ended === "stopped" ? [unsent(plan.requests.length - sent, "it was interrupted")] : []),
    ...(ended === "gone" ? [unsent(plan.requests.length - sent, "no answer came any more")] : []),
    ...totals(plan.leftOut, ["request was left out", "requests were left out"]),
    ...totals(comparison.undecided, ["answer cannot be told from here", "answers cannot be told from here"]),
    ...untold(comparison.services()),
  ];
  const report = {
    sides: second === undefined ? (["predicted", "actual"] as const) : (["first", "second"] as const),
    compared,
    complete: notes.length === 0 && witnesses.complete,
    incomplete: notes,
    groups,
    more: {
      skipped: listed(plan.leftOut),
      undecided: listed(comparison.undecided),
      services: comparison.services(),
      ...(second !== undefined && { against: [first.text, second.text] }),
    },
  };
  const title =
    second === undefined ? `ingress-dev verify ${first.text}` : `${first.text} and ${second.text}`;
  return printDifferences(report, { form, all, title }, surroundings);
}

function sum(numbers: ReadonlyMap<string, number>): number {
  return [...numbers.values()].reduce((whole, one) => whole + one, 0);
}

function listed(numbers: ReadonlyMap<string, number>) {
  return [...numbers].map(([why, count]) => ({ count, why }));
}

/** `12 requests were left out: 8 since their method is neither GET nor HEAD, 4 since they have a body.` */
function totals(
  numbers: ReadonlyMap<string, number>,
  [one, many]: readonly [string, string],
): readonly string[] {
  const whole = counted(sum(numbers), one, many);
  const [first, ...others] = [...numbers];
  if (first === undefined) return [];
  if (others.length === 0) return [`${whole}, since ${first[0]}.`];
  return [`${whole}: ${[first, ...others].map(([why, count]) => `${count} since ${why}`).join(", ")}.`];
}

function unsent(count: number, why: string): string {
  return `${counted(count, "request was", "requests were")} not compared: ${why}.`;
}

function untold({ told, notTold }: ReturnType<Comparison["services"]>): readonly string[] {
  if (notTold === 0) return [];
  return [
    `${notTold.toLocaleString("en")} of ${counted(told + notTold, "answer", "answers")} of backends do not say which Service answered.`,
  ];
}
