import { randomUUID } from "node:crypto";
import { place, sentence } from "../../../ui/problems.ts";
import { type Annotation, annotationLines, withoutCommands } from "../forms/github.ts";
import { repositoryPath } from "../forms/repository-path.ts";
import type { Surroundings } from "../surroundings.ts";
import type { CheckReport, PlacedProblem } from "./report.ts";
import { textForm } from "./text.ts";

/** The text for the log of a workflow, then annotations. */
export function githubForm(report: CheckReport, surroundings: Surroundings): readonly string[] {
  const text = withoutCommands(textForm(report, surroundings), randomUUID());
  const annotations = report.problems.map((placed) => annotationOf(placed, surroundings));
  return [...text, ...annotationLines(annotations)];
}

function annotationOf({ problem, columns }: PlacedProblem, surroundings: Surroundings): Annotation {
  const { level, code, line, column, fix } = problem;
  const file = repositoryPath(problem.file, surroundings);
  const where = file === undefined ? place(problem) : "";
  const said = `${where === "" ? "" : `${where}  `}${sentence(problem)}\n${fix}`;
  const endColumn = columns && columns.to + 1;
  return { level, title: code, message: said, file, line, endLine: line, column, endColumn };
}
