import { printable } from "../../../ui/printable.ts";
import { problemCount, problemsText } from "../../../ui/problems.ts";
import { colourFor } from "../../../ui/style.ts";
import type { Surroundings } from "../surroundings.ts";
import type { CheckReport } from "./report.ts";

export function textForm(
  { problems, description }: CheckReport,
  { stdout, env }: Surroundings,
): readonly string[] {
  const lines = problemsText(problems, colourFor(stdout, env));
  return [...lines, `${printable(description)}: ${problemCount(problems)}`];
}
