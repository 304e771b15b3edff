import type { RequestFacts } from "../../model/decision.ts";
import type { ForwardAction } from "../../model/route/action.ts";
import { firstTurns, type ShareTurns, shareInTurn } from "../../step/action/turns.ts";

/** Whose turn it is, for each route. A route that is compiled anew begins anew, as in Traefik. */
export function createTurns(): NonNullable<RequestFacts["nextShare"]> {
  const known = new WeakMap<ForwardAction, ShareTurns>();
  return (action) => {
    const turns = known.get(action) ?? firstTurns(action.shares);
    known.set(action, turns);
    return shareInTurn(action.shares, turns);
  };
}
