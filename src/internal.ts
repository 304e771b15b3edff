import { CODES } from "./errors.ts";
import type { ObjectRef, Problem } from "./model/problem.ts";

/** A fault of our own as a problem: what it was met at, and what is in use instead. */
export function internalProblem(
  thrown: unknown,
  what: string,
  at: { readonly object?: ObjectRef; readonly file?: string; readonly line?: number | undefined } = {},
): Problem {
  const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  // The frames say where to look; deeper ones are all the same where the stack is full.
  const frames = thrown instanceof Error ? (thrown.stack ?? "").split("\n").slice(1, 4) : [];
  const message = [`${what} (${error})`, ...frames.map((frame) => frame.trim())].join("\n");
  return { code: "internal", level: "error", ...at, message, fix: CODES.internal };
}
