import type { RoutesAction } from "../../../ui/dashboard-state.ts";
import type { Event } from "../../model/event.ts";

/** Every event, and the rows of the routes pane after each (re)load. */
export type BusEvent = Event | RoutesAction;

/** Passes events to subscribers, in order and at once. */
export interface Bus {
  readonly tell: (event: BusEvent) => void;
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: (event: BusEvent) => void) => () => void;
}

/** Events without a subscriber are lost. */
export function createBus(): Bus {
  const listeners = new Set<(event: BusEvent) => void>();
  return {
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
