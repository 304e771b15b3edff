import type { RoutesAction } from "../../../ui/dashboard-state.ts";
import type { Event } from "../../model/event.ts";

/** Every event, and the rows of the routes pane after each (re)load. */
export type BusEvent = Event | RoutesAction;

/** Passes events to subscribers, in order and at once. */
export interface Bus {
  readonly tell: (event: BusEvent) => void;
  /** Returns the function that unsubscribes. */
  readonly subscribe: (listener: (event: BusEvent) => void) => () => void;
  /** The same without rows. */
  readonly subscribeToEvents: (listener: (event: Event) => void) => () => void;
  /** False: rows need not be made. */
  readonly takesRows: () => boolean;
}

/** Events without a subscriber are lost. */
export function createBus(): Bus {
  const listeners = new Set<(event: BusEvent) => void>();
  let takers = 0;
  return {
    tell: (event) => {
      for (const listener of listeners) listener(event);
    },
    subscribe: (listener) => {
      listeners.add(listener);
      takers += 1;
      return () => {
        if (listeners.delete(listener)) takers -= 1;
      };
    },
    subscribeToEvents: (listener) => {
      const withoutRows = (event: BusEvent) => {
        if (event.type !== "routes") listener(event);
      };
      listeners.add(withoutRows);
      return () => void listeners.delete(withoutRows);
    },
    takesRows: () => takers > 0,
  };
}
