import type { Event } from "../src/model/event.ts";
import type { DashboardState } from "./dashboard-state.ts";
import { reduceAll, type UiAction } from "./state.ts";

/** The state, and the events that are not yet in it. */
export interface StateStore {
  add(event: Event | UiAction): void;
  state(): DashboardState;
}

/** Reducing many events at once is cheap, keeping them is not. */
const MOST_WAITING = 2000;

/** Makes a store. Adding an event costs next to nothing: the state is made on demand, or when many events wait. */
export function createStateStore(initial: DashboardState): StateStore {
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
