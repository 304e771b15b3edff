import type { RoutesAction } from "../../../ui/dashboard-state.ts";
import type { Event } from "../../model/event.ts";

/** What subscribers are told: every event, and the rows of the routes pane after each (re)load. */
export type Told = Event | RoutesAction;

/** Tells what happens to whoever subscribed, in order and at once. */
export interface Bus {
  readonly tell: (told: Told) => void;
  /** Returns the function that ends the subscription. */
  readonly subscribe: (listener: (told: Told) => void) => () => void;
}

/** A bus without subscribers. What is told before anybody listens is lost. */
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
