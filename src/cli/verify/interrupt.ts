/** The process, or a test's own events. */
export type Interrupts = Pick<NodeJS.EventEmitter, "once" | "off">;

/** Aborts `signal` at the first Ctrl-C. A second one ends the program, as do all after `release`. */
export function untilInterrupted(interrupts: Interrupts): {
  readonly signal: AbortSignal;
  readonly release: () => void;
} {
  const controller = new AbortController();
  const onSignal = () => controller.abort();
  interrupts.once("SIGINT", onSignal);
  return { signal: controller.signal, release: () => void interrupts.off("SIGINT", onSignal) };
}
