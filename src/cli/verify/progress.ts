import type { Surroundings } from "../surroundings.ts";

/** A line on a terminal that says how far it is. */
export interface Progress {
  readonly show: (sent: number, different: number) => void;
  /** Takes the line away. */
  readonly clear: () => void;
}

const NONE: Progress = { show: () => undefined, clear: () => undefined };
/** unit: ms */
const EVERY = 100;

/** `whole`: of requests. Nothing is shown where standard error is no terminal. */
export function createProgress(whole: number, { stderr }: Surroundings): Progress {
  if (stderr.isTTY !== true) return NONE;
  let last = Number.NEGATIVE_INFINITY;
  return {
    show: (sent, different) => {
      const now = performance.now();
      if (now - last < EVERY && sent < whole) return;
      last = now;
      const of = `${sent.toLocaleString("en")} of ${whole.toLocaleString("en")} requests`;
      stderr.write(`\r\x1b[K${of}, ${different.toLocaleString("en")} differ (Ctrl-C prints what was found)`);
    },
    clear: () => void stderr.write("\r\x1b[K"),
  };
}
