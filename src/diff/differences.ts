import type { Outcome } from "../match/outcome.ts";
import type { RouteTable } from "../model/route.ts";
import type { SampleRequest } from "../model/sample-request.ts";
import { aspectsThatDiffer } from "./aspects.ts";
import { behaviourOf, type Naming } from "./behaviour.ts";
import { differenceCause, type SideView } from "./cause.ts";
import type { Difference, DifferenceReport } from "./difference.ts";
import { grouped } from "./grouped.ts";
import { guardChange } from "./guard-change.ts";
import { rankOf } from "./rank.ts";
import { sideOf } from "./side-of.ts";

/** Two sides, as they can be asked. */
export interface AskedSides {
  readonly tables: Pair<RouteTable>;
  readonly naming: Pair<Naming>;
  /** `client`: one that every guard lets in. */
  readonly ask: (request: SampleRequest, client?: "let in") => Pair<Outcome>;
}

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
  const isUnknown = outcomes.some(hasUnknownUsers);
  const found = isUnknown ? undefined : differenceOf(request, outcomes, sides);
  if (found !== undefined || !(isUnknown || outcomes.every(isRefused))) return found;
  const behind = differenceOf(request, sides.ask(request, "let in"), sides);
  return behind && { ...behind, client: "let in" };
}

function differenceOf(
  request: SampleRequest,
  [first, second]: Pair<Outcome>,
  { tables, naming }: AskedSides,
): Difference | undefined {
  const a: SideView = { table: tables[0], outcome: first, behaviour: behaviourOf(first, naming[0]) };
  const b: SideView = { table: tables[1], outcome: second, behaviour: behaviourOf(second, naming[1]) };
  const aspects = aspectsThatDiffer(a.behaviour, b.behaviour);
  if (aspects.length === 0) return undefined;
  const guard = guardChange(a, b);
  return {
    ...{ request, aspects },
    cause: differenceCause(a, b, { aspects, guard }),
    ...{ first: sideOf(first, a.behaviour), second: sideOf(second, b.behaviour) },
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
