import { printable } from "../../../ui/printable.ts";
import { problemCount, problemsText } from "../../../ui/problems.ts";
import { type Colour, colourFor } from "../../../ui/style.ts";
import type { Surroundings } from "../surroundings.ts";
import { excerptLines } from "./excerpt.ts";
import { fixedLines } from "./fixed.ts";
import type { CheckReport, PlacedProblem } from "./report.ts";

export function textForm(
  { problems, ignored, description, fixed }: CheckReport,
  { stdout, env }: Surroundings,
): readonly string[] {
  const colour = colourFor(stdout, env);
  const byProblem = new Map(problems.map((placed) => [placed.problem, placed]));
  const found = [...byProblem.keys()];
  const lines = problemsText(found, colour, (problem) => sourceLines(byProblem.get(problem), colour));
  const more = ignored.length === 0 ? "" : `, ${ignored.length} ignored`;
  return [...fixedLines(fixed), ...lines, `${printable(description)}: ${problemCount(found)}${more}`];
}

function sourceLines(placed: PlacedProblem | undefined, colour: Colour): readonly string[] {
  const { line, level } = placed?.problem ?? {};
  if (placed?.source === undefined || line === undefined || level === undefined) return [];
  return excerptLines({ line, text: placed.source, columns: placed.columns, level }, colour);
}
