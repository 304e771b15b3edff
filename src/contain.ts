import type { EventEmitter } from "node:events";

const CONTAINED: unique symbol = Symbol("contained");

/**
 * Keeps what a listener throws inside its emitter: `caught` gets it and ends the emitter's work. Node would
 * end the process and all other requests, because an event of a socket has no caller that could catch.
 */
export function contain<T extends EventEmitter & { [CONTAINED]?: true }>(
  emitter: T,
  caught: (error: unknown) => void,
): T {
  if (emitter[CONTAINED]) return emitter;
  const { emit } = emitter;
  return Object.assign(emitter, {
    [CONTAINED]: true,
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

export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
