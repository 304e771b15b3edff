import type { Share } from "../../model/route/action.ts";
import type { StreamRoute } from "../../model/route/stream.ts";
import type { Backend } from "../../model/route.ts";
import { firstTurns, type ShareTurns, shareInTurn } from "../../step/action/turns.ts";

/** The backend of a stream's next connection. `undefined`: it is closed */
export type NextBackend = (route: StreamRoute) => Backend | undefined;

/** Connections go round the shares of a route by their weights. */
export function createStreamTurns(): NextBackend {
  const known = new WeakMap<readonly Share[], ShareTurns>();
  return ({ backend, shares }) => {
    if (shares === undefined) return backend;
    const turns = known.get(shares) ?? firstTurns(shares);
    known.set(shares, turns);
    const share = shareInTurn(shares, turns);
    return share.unusable === undefined ? share.backend : undefined;
  };
}
