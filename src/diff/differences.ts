import type { Outcome } from "../match/outcome.ts";
import type { RouteTable } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { aspectsThatDiffer } from "./aspects.ts";
import { behaviourOf, type Naming } from "./behaviour.ts";
import { differenceCause, type SideView } from "./cause.ts";
import type { Difference, DifferenceReport } from "./difference.ts";
import { differenceOfDraws } from "./draws.ts";
import { grouped } from "./grouped.ts";
import { guardChange } from "./guard-change.ts";
import { rankOf } from "./rank.ts";
import { sideOf } from "./side-of.ts";

/** Two sides, as they can be asked. */
export interface AskedSides {
  readonly tables: Pair<RouteTable>;
  readonly naming: Pair<Naming>;
  /** All that may come. `client`: one that every guard lets in. */
  readonly ask: (request: SampleRequest, client?: "let in") => Pair<Possible>;
}

/** Of what production draws; the first is the one that is used here. */
type Possible = readonly [Outcome, ...Outcome[]];

type Pair<T> = readonly [first: T, second: T];

/** All differences of the requests, by cause, and the number of requests. */
export function differencesIn(
  witnesses: Iterable<{ readonly request: SampleRequest }>,
  sides: AskedSides,
): Pick<DifferenceReport, "compared" | "groups"> {
  const found: Difference[] = [];
  let compared = 0;
  for (const { request } of witnesses) {
    compared++;
    const difference = differenceIn(request, sides);
    if (difference !== undefined) found.push(difference);
  }
  return { compared, groups: grouped(found) };
}

/**
 * `undefined`: both sides treat the request the same. Where both refuse it, or nobody knows the users, what becomes of a
 * client that is let in is compared.
 */
function differenceIn(request: SampleRequest, sides: AskedSides): Difference | undefined {
  const outcomes = sides.ask(request);
  const isUnknown = outcomes.some((possible) => possible.some(hasUnknownUsers));
  const found = isUnknown ? undefined : differenceOf(request, outcomes, sides);
  const areRefused = outcomes.every((possible) => possible.every(isRefused));
  if (found !== undefined || !(isUnknown || areRefused)) return found;
  const behind = differenceOf(request, sides.ask(request, "let in"), sides);
  return behind && { ...behind, client: "let in" };
}

function differenceOf(
  request: SampleRequest,
  [first, second]: Pair<Possible>,
  { tables, naming }: AskedSides,
): Difference | undefined {
  const view = (outcome: Outcome, at: 0 | 1): SideView => ({
    table: tables[at],
    outcome,
    behaviour: behaviourOf(outcome, naming[at]),
  });
  if (first.length === 1 && second.length === 1)
    return differenceBetween(request, view(first[0], 0), view(second[0], 1));
  const before = first.map((outcome) => view(outcome, 0));
  const after = second.map((outcome) => view(outcome, 1));
  return differenceOfDraws(before, after, (a, b) => differenceBetween(request, a, b));
}

function differenceBetween(request: SampleRequest, a: SideView, b: SideView): Difference | undefined {
  const aspects = aspectsThatDiffer(a.behaviour, b.behaviour);
  if (aspects.length === 0) return undefined;
  const guard = guardChange(a, b);
  return {
    ...{ request, aspects },
    cause: differenceCause(a, b, { aspects, guard }),
    ...{ first: sideOf(a.outcome, a.behaviour), second: sideOf(b.outcome, b.behaviour) },
    rank: rankOf(a.behaviour, b.behaviour, { aspects, guard, isLoop: isLoop(b) }),
  };
}

/** The Secret may be in the cluster, and have the user. */
function hasUnknownUsers({ asked }: Outcome): boolean {
  return asked.some(
    ({ guard, verdict }) =>
      verdict === "refused" && "standsInFor" in guard && guard.standsInFor !== undefined,
  );
}

function isRefused({ asked }: Outcome): boolean {
  return asked.some(({ verdict }) => verdict === "refused");
}

/** Redirects the request to itself. */
function isLoop({ outcome: { facts }, behaviour }: SideView): boolean {
  return behaviour.location === `${facts.scheme}://${facts.host}${facts.target}`;
}
