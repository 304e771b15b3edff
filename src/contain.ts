import type { EventEmitter } from "node:events";

/** On an emitter that is contained. */
const CONTAINED: unique symbol = Symbol("contained");

/**
 * Lets nothing that a listener throws leave its emitter: it is given to `caught`, which ends what the emitter is there for.
 * Node would end the process (an event of a socket has no caller that could catch), and all other requests with it.
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

/** An error of whatever was thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
