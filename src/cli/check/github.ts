import { randomUUID } from "node:crypto";
import { place, sentence } from "../../../ui/problems.ts";
import type { Problem } from "../../model/problem.ts";
import { type Annotation, annotationLines, withoutCommands } from "../forms/github.ts";
import { repositoryPath } from "../forms/repository-path.ts";
import type { Surroundings } from "../surroundings.ts";
import type { CheckReport } from "./report.ts";
import { textForm } from "./text.ts";

/** The text for the log of a workflow, then annotations. */
export function githubForm(report: CheckReport, surroundings: Surroundings): readonly string[] {
  const text = withoutCommands(textForm(report, surroundings), randomUUID());
  const annotations = report.problems.map((problem) => annotationOf(problem, surroundings));
  return [...text, ...annotationLines(annotations)];
}

function annotationOf(problem: Problem, surroundings: Surroundings): Annotation {
  const { level, code, line, fix } = problem;
  const file = repositoryPath(problem.file, surroundings);
  const where = file === undefined ? place(problem) : "";
  const said = `${where === "" ? "" : `${where}  `}${sentence(problem)}\n${fix}`;
  return { level, title: code, message: said, file, line };
}
