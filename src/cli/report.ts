import { printable } from "../../ui/printable.ts";
import { colourFor, styled } from "../../ui/style.ts";
import type { Code } from "../errors.ts";
import { CODES, UserError } from "../errors.ts";
import type { Problem } from "../model/problem.ts";
import { sourceStack } from "../stack.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/** One line of foreign text without terminal control sequences. */
function safe(text: string): string {
  return text.split("\n").map(printable).join("\n  ");
}

/** Prints an error and its fix to standard error; returns exit status 2 (usage or environment). */
export function reportError(error: unknown, { stderr, env }: Surroundings): ExitCode {
  const colour = colourFor(stderr, env);
  const label = styled("error:", { colour: "red" }, colour);
  if (error instanceof UserError) {
    stderr.write(`${label} ${safe(error.message)}\n  ${safe(error.fix)}\n`);
    return 2;
  }
  const stack = error instanceof Error ? sourceStack(error) : String(error);
  stderr.write(`${label} ${safe(stack)}\n  ${safe(CODES.internal)}\n`);
  return 2;
}

export function reportWarning(
  code: Code,
  message: string,
  { stderr, env }: Surroundings,
  fix: string = CODES[code],
): void {
  const label = styled("warning:", { colour: "yellow" }, colourFor(stderr, env));
  stderr.write(`${label} ${safe(message)}\n  ${safe(fix)}\n`);
}

/** Prints problems with place and fix to standard error; standard output is for the answer. */
export async function reportProblems(
  problems: readonly Problem[],
  { stderr, env }: Surroundings,
): Promise<void> {
  if (problems.length === 0) return;
  const { problemLines } = await import("../../ui/problems.ts");
  const colour = colourFor(stderr, env);
  stderr.write(problems.flatMap((problem) => problemLines(problem, colour)).join("\n"));
  stderr.write("\n");
}
