import type { DifferenceReport } from "../../diff/difference.ts";
import { differencesIn } from "../../diff/differences.ts";
import { differsEverywhere } from "../../diff/everywhere.ts";
import { headerIn } from "../../request/header-line.ts";
import { namedHosts } from "../../select/table.ts";
import { type Witness, witnessesOf } from "../../witness/witness.ts";
import { pick } from "../routing/pick.ts";
import type { Routing, Routings } from "../routing.ts";
import { askedSides } from "./asked.ts";

type All = Routings["all"];

/** A controller of each side. */
type ControllerPair = readonly [Routing, Routing];

/** What two sides treat otherwise. Where they have several controllers, the host of a request says which are asked. */
export function comparedSides(before: All, after: All): Omit<DifferenceReport, "sides"> {
  const pairs = pairsOf(before, after);
  const isOne = before.length === 1 && after.length === 1;
  const found = pairs.map((pair) => {
    const [first, second] = pair;
    const { requests, complete, incomplete } = witnessesOf([first.table, second.table]);
    const own = isOne ? requests : requestsFor(pair, requests, { before, after });
    const everywhere = differsEverywhere([first.table, second.table]);
    return { ...differencesIn(own, askedSides(first, second)), everywhere, complete, incomplete };
  });
  return {
    compared: found.reduce((sum, { compared }) => sum + compared, 0),
    everywhere: [...new Set(found.flatMap(({ everywhere }) => everywhere))],
    complete: found.every(({ complete }) => complete),
    incomplete: [...new Set(found.flatMap(({ incomplete }) => incomplete))],
    groups: found.flatMap(({ groups }) => groups).sort(({ all: [a] }, { all: [b] }) => a.rank - b.rank),
  };
}

/** The pairs that some host is for; one that nobody names is for the first two. */
function pairsOf(before: All, after: All): readonly ControllerPair[] {
  const pairs: ControllerPair[] = [[before[0], after[0]]];
  if (before.length === 1 && after.length === 1) return pairs;
  const hosts = new Set([...before, ...after].flatMap(({ table }) => [...namedHosts(table).keys()]));
  for (const host of hosts) {
    const [first, second] = [pick(before, host), pick(after, host)];
    if (!pairs.some((pair) => pair[0] === first && pair[1] === second)) pairs.push([first, second]);
  }
  return pairs;
}

function* requestsFor(
  [first, second]: ControllerPair,
  requests: Iterable<Witness>,
  { before, after }: { readonly before: All; readonly after: All },
): Generator<Witness> {
  for (const witness of requests) {
    const host = headerIn(witness.request.headers, "host") ?? "";
    if (pick(before, host) === first && pick(after, host) === second) yield witness;
  }
}
