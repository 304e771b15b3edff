import type { RoutesAction } from "../../../ui/dashboard-state.ts";
import type { Event } from "../../model/event.ts";

/** Every event, and the rows of the routes pane after each (re)load. */
export type Told = Event | RoutesAction;

/** Passes events to subscribers, in order and at once. */
export interface Bus {
  readonly tell: (told: Told) => void;
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: (told: Told) => void) => () => void;
}

/** Events without a subscriber are lost. */
export function createBus(): Bus {
  const listeners = new Set<(told: Told) => void>();
  return {
    tell: (told) => {
      for (const listener of listeners) listener(told);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
