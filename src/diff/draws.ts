import { aspectsThatDiffer } from "./aspects.ts";
import type { Behaviour } from "./behaviour.ts";
import type { SideView } from "./cause.ts";
import type { Cause, Difference } from "./difference.ts";
import { ingressOf } from "./table-rules.ts";

/**
 * Compares what may come as two sets: `undefined` where they are equal. Where they share an answer, the difference is what
 * else may come. Each has at least one, the one that is used here first.
 */
export function differenceOfDraws(
  before: readonly SideView[],
  after: readonly SideView[],
  between: (a: SideView, b: SideView) => Difference | undefined,
): Difference | undefined {
  const lost = before.filter((view) => !isAmong(view, after));
  const gained = after.filter((view) => !isAmong(view, before));
  const [a, b] = [gained.length > 0 ? before[0] : (lost[0] ?? before[0]), gained[0] ?? after[0]];
  if (a === undefined || b === undefined || lost.length + gained.length === 0) return undefined;
  const found = between(a, b);
  if (found === undefined) return undefined;
  const isShared = lost.length < before.length;
  return {
    ...found,
    cause: isShared ? causeOf(gained.length > 0 ? "gained" : "lost", [a, b], before, after) : found.cause,
    first: { ...found.first, mayAlso: othersThan(a, before) },
    second: { ...found.second, mayAlso: othersThan(b, after) },
  };
}

function isAmong({ behaviour }: SideView, others: readonly SideView[]): boolean {
  return others.some((other) => aspectsThatDiffer(behaviour, other.behaviour).length === 0);
}

function causeOf(
  change: "gained" | "lost",
  [a, b]: readonly [SideView, SideView],
  before: readonly SideView[],
  after: readonly SideView[],
): Cause {
  const drawn = namesOf(change === "gained" ? after : before);
  return {
    code: "drawn",
    text: change === "gained" ? "may also be answered otherwise, by chance" : "is no longer left to chance",
    detail: drawn,
    key: `drawn ${change} ${ingressOf(a.outcome.decision.route)} ${ingressOf(b.outcome.decision.route)} ${drawn}`,
  };
}

/** `default/old or default/new`; the controller's own answers have no Ingress. */
function namesOf(views: readonly SideView[]): string {
  const names = views.map(({ outcome }) => ingressOf(outcome.decision.route) ?? "none");
  return [...new Set(names)].join(" or ");
}

/** Each answer once, and none that is equal to this one. */
function othersThan(view: SideView, all: readonly SideView[]): readonly Behaviour[] | undefined {
  const others: SideView[] = [];
  for (const other of all) if (!isAmong(other, [view, ...others])) others.push(other);
  return others.length === 0 ? undefined : others.map(({ behaviour }) => behaviour);
}
