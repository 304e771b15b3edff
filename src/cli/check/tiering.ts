import { setFlagsFromString } from "node:v8";

/** Of some 3,000 Ingresses: from there on optimised code pays. unit: chars */
const MUCH = 2 * 1024 * 1024;

/**
 * Leaves V8's optimising compiler out of the compilation of few manifests: it is over before that pays, and a third of the
 * processor time of 1,000 Ingresses was optimising. `size`: of all texts.
 */
export function stopOptimising(size: number): void {
  if (size < MUCH) setFlagsFromString("--no-opt");
}

/** For what follows, and for whoever else runs in this process. */
export function optimiseAgain(): void {
  setFlagsFromString("--opt");
}
