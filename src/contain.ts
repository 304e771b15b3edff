import type { EventEmitter } from "node:events";

const CONTAINED: unique symbol = Symbol("contained");

type Caught = (error: unknown) => void;

/**
 * Keeps what a listener throws inside its emitter: `caught` gets it and ends the emitter's work. Node would
 * end the process and all other requests, because an event of a socket has no caller that could catch.
 */
export function contain<T extends EventEmitter & { [CONTAINED]?: Caught }>(emitter: T, caught: Caught): T {
  if (emitter[CONTAINED] !== undefined) return emitter;
  const { emit } = emitter;
  return Object.assign(emitter, {
    [CONTAINED]: caught,
    emit(this: T, ...args: Parameters<T["emit"]>): boolean {
      try {
        return emit.apply(this, args);
      } catch (error) {
        caught(error);
        return true;
      }
    },
  });
}

/** Gives an exception to what keeps those of an emitter's listeners. */
export function giveFault(emitter: EventEmitter & { [CONTAINED]?: Caught }, fault: unknown): void {
  const caught = emitter[CONTAINED];
  if (caught === undefined) throw fault;
  caught(fault);
}

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
