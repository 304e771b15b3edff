import { constants } from "node:os";
import type { ExitCode } from "../surroundings.ts";

/** Why `up` ends, and what it exits with. */
export interface Stop {
  /** For the `stopped` event: `q`, `SIGINT`, `output closed`. */
  readonly reason: string;
  readonly exitCode: ExitCode;
  /** Only where something broke that should not have. */
  readonly error?: unknown;
}

/** Waits for the end: a signal, a key, a closed terminal, a mistake of our own. */
export interface StopRequests {
  /** Asks for the end, as a signal would. */
  readonly request: (stop: Stop) => void;
  readonly isRequested: () => boolean;
  /**
   * From now on an exception that nobody has caught is told of, and ends nothing: it is one request's, and all others are
   * served. Before it is a mistake that nothing could start with.
   */
  readonly outlive: (tell: (fault: unknown) => void) => void;
  /** The first request. */
  readonly first: Promise<Stop>;
  /** Somebody who has waited long enough: the second request, whatever it is. */
  readonly second: Promise<void>;
  /** Ends the listening: signals do again what they always do. */
  readonly close: () => void;
}

/** Signals that end a program and can be caught; those a system does not have are simply never sent. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"] as const;

/** What a shell makes of a signal: 128 and its number. */
export function stopBySignal(signal: NodeJS.Signals): Stop {
  return { reason: signal, exitCode: 128 + (constants.signals[signal] ?? 0) };
}

/** A mistake of our own: said so, with its stack, after everything is put back as it was. */
export function stopByError(error: unknown): Stop {
  return { reason: "internal error", exitCode: 2, error };
}

interface Signal<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** `Promise.withResolvers`, which Node.js 20 does not have. */
function createSignal<T>(): Signal<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Starts to listen. A program that is asked to end cleans up first: `process.exit` in a signal's listener would not. */
export function listenForStop(program: NodeJS.EventEmitter): StopRequests {
  const first = createSignal<Stop>();
  const second = createSignal<void>();
  let isRequested = false;
  const request = (stop: Stop) => {
    if (isRequested) second.resolve();
    else first.resolve(stop);
    isRequested = true;
  };
  const onSignal = (signal: NodeJS.Signals) => request(stopBySignal(signal));
  let tellFault: ((fault: unknown) => void) | undefined;
  const onError = (error: unknown) => {
    try {
      if (tellFault === undefined) request(stopByError(error));
      else tellFault(error);
    } catch {
      // Nobody can be told any more: the last thing to do is to put everything back.
      request(stopByError(error));
    }
  };
  for (const signal of SIGNALS) program.on(signal, onSignal);
  program.on("uncaughtException", onError);
  program.on("unhandledRejection", onError);
  return {
    request,
    isRequested: () => isRequested,
    outlive: (tell) => {
      tellFault = tell;
    },
    first: first.promise,
    second: second.promise,
    close: () => {
      for (const signal of SIGNALS) program.off(signal, onSignal);
      program.off("uncaughtException", onError);
      program.off("unhandledRejection", onError);
    },
  };
}
