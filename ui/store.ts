import type { Event } from "../src/model/event.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { reduceAll, type UiAction } from "./state.ts";

/** The state, and the events that are not in it yet. */
export interface Store {
  add(event: Event | UiAction): void;
  /** The state after everything that was added. */
  state(): DashboardState;
}

/** Events that wait at most: reducing many at once is cheap, keeping them is not. */
const MOST_WAITING = 2000;

/** A store. Adding an event costs next to nothing; the state is made when somebody looks, or when many wait. */
export function createStore(initial: DashboardState): Store {
  let state = initial;
  let waiting: (Event | UiAction)[] = [];
  const settled = () => {
    state = reduceAll(state, waiting);
    waiting = [];
    return state;
  };
  return {
    add(event) {
      waiting.push(event);
      if (waiting.length >= MOST_WAITING) settled();
    },
    state: settled,
  };
}
