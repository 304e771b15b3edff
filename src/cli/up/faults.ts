import { basename } from "node:path";
import { CODES } from "../../errors.ts";
import type { Problem } from "../../model/problem.ts";

/** More kinds of mistakes than this help nobody; the first are the ones to report. */
const MOST_FAULTS = 20;

/**
 * Mistakes of our own that ended one request or one connection while everything else went on: each kind is one problem,
 * however often it happens.
 */
export function createFaults(tell: (problems: readonly Problem[]) => void): (fault: unknown) => void {
  const known = new Map<string, Problem>();
  return (fault) => {
    const message = `Something went wrong in ingress-dev itself, and ended one request or connection; everything else goes on: ${inWords(fault)}`;
    if (known.has(message) || known.size >= MOST_FAULTS) return;
    known.set(message, { code: "internal", level: "error", message, fix: CODES.internal });
    tell([...known.values()]);
  };
}

/** `TypeError: x is not a function (relay, upgrade-answer.js:53)`. */
function inWords(fault: unknown): string {
  if (!(fault instanceof Error)) return String(fault);
  const [, at = "", file = "", line = ""] =
    /\n\s+at (?:(.*?) \()?(?:file:\/\/)?([^\s():]+):(\d+):\d+/.exec(fault.stack ?? "") ?? [];
  const place = [at, file === "" ? "" : `${basename(file)}:${line}`].filter((part) => part !== "");
  return `${fault.name}: ${fault.message}${place.length === 0 ? "" : ` (${place.join(", ")})`}`;
}
