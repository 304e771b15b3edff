import { CODES } from "./errors.ts";
import type { ObjectRef, Problem } from "./model/problem.ts";
import { sourceStack } from "./stack.ts";

/** A bug of ours as a problem: where it happened, and what stays in use. */
export function internalProblem(
  thrown: unknown,
  what: string,
  at: { readonly object?: ObjectRef; readonly file?: string; readonly line?: number | undefined } = {},
): Problem {
  const error = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  // The first frames say where to look; on a full stack deeper ones are all the same.
  const frames = thrown instanceof Error ? sourceStack(thrown).split("\n").slice(1, 4) : [];
  const message = [`${what} (${error})`, ...frames.map((frame) => frame.trim())].join("\n");
  return { code: "internal", level: "error", ...at, message, fix: CODES.internal };
}
