import { constants } from "node:os";
import type { ExitCode } from "../surroundings.ts";

export interface Shutdown {
  /** For the `stopped` event: `q`, `SIGINT`, `output closed`. */
  readonly reason: string;
  readonly exitCode: ExitCode;
  /** Only for an unexpected failure. */
  readonly error?: unknown;
}

/** Requests to end: a signal, a key, a closed terminal, a bug of ours. */
export interface StopRequests {
  /** Ends `up` like a signal. */
  readonly request: (stop: Shutdown) => void;
  readonly isRequested: () => boolean;
  /**
   * From now on an uncaught exception is only reported: it belongs to one request, and all others are served.
   * Before, it ends `up`.
   */
  readonly outlive: (tell: (fault: unknown) => void) => void;
  readonly first: Promise<Shutdown>;
  /** The second request, whatever it is: somebody has waited long enough. */
  readonly second: Promise<void>;
  /** Restores the signals' usual effect. */
  readonly close: () => void;
}

/** Catchable signals that end a program; systems never send those that they lack. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGBREAK"] as const;

/** 128 plus the signal's number, as in a shell. */
export function stopBySignal(signal: NodeJS.Signals): Shutdown {
  return { reason: signal, exitCode: 128 + (constants.signals[signal] ?? 0) };
}

/** A bug of ours; reported with its stack after everything is restored. */
export function stopByError(error: unknown): Shutdown {
  return { reason: "internal error", exitCode: 2, error };
}

interface Signal<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
}

/** `Promise.withResolvers`, which Node.js 20 lacks. */
function createSignal<T>(): Signal<T> {
  let resolve: (value: T) => void = () => undefined;
  const promise = new Promise<T>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Listens for requests to end. The program cleans up first, unlike `process.exit` in a signal's listener. */
export function listenForStop(program: NodeJS.EventEmitter): StopRequests {
  const first = createSignal<Shutdown>();
  const second = createSignal<void>();
  let isRequested = false;
  const request = (stop: Shutdown) => {
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
      // Nobody hears a report now; only restoring everything is left.
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
