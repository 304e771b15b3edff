import { randomUUID } from "node:crypto";
import { type Annotation, annotationLines, withoutCommands } from "../../forms/github.ts";
import { repositoryPath } from "../../forms/repository-path.ts";
import type { Surroundings } from "../../surroundings.ts";
import {
  coverageInWords,
  coveredRuleInWords,
  failureInWords,
  isBelow,
  isPassed,
  type TestReport,
  type TestResult,
  titleOf,
} from "../report.ts";
import { textTestForm } from "./text.ts";

/** The text for the log of a workflow, then annotations at the failed requests and at rules that none reaches. */
export function githubTestForm(report: TestReport, surroundings: Surroundings): readonly string[] {
  const text = withoutCommands(textTestForm(report, surroundings), randomUUID());
  const failed = report.results.filter((result) => !isPassed(result));
  const { coverage } = report;
  return [
    ...text,
    ...annotationLines([
      ...failed.map((result) => annotationOf(result, surroundings)),
      ...(coverage !== undefined && isBelow(report)
        ? [{ level: "error" as const, title: "coverage", message: coverageInWords(coverage) }]
        : []),
      ...(coverage?.unreached ?? []).map((rule) => ({
        level: "notice" as const,
        title: "not reached",
        message: `No request reaches ${coveredRuleInWords(rule)}.`,
        file: repositoryPath(rule.file, surroundings),
        line: rule.line || undefined,
      })),
    ]),
  ];
}

function annotationOf(result: TestResult, surroundings: Surroundings): Annotation {
  const { file, line, failures, actual } = result;
  return {
    level: "error",
    title: titleOf(result),
    message: [...failures.map(failureInWords), ...actual.why].join("\n"),
    file: repositoryPath(file, surroundings),
    line,
  };
}
