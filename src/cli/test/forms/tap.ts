import { printable } from "../../../../ui/printable.ts";
import { problemLine } from "../../../../ui/problems.ts";
import { safeJson } from "../../../../ui/safe-json.ts";
import {
  coverageInWords,
  coveredRuleInWords,
  isBelow,
  isPassed,
  placeOfRule,
  type TestReport,
  type TestResult,
  titleOf,
} from "../report.ts";

/** TAP 14: https://testanything.org/tap-version-14-specification.html */
export function tapForm(report: TestReport): readonly string[] {
  const { results, coverage, errors } = report;
  const points = results.length + (coverage === undefined ? 0 : 1);
  return [
    "TAP version 14",
    `1..${points}`,
    ...errors.map((problem) => `# ${problemLine(problem)}`),
    ...results.flatMap((result, at) => [
      `${isPassed(result) ? "ok" : "not ok"} ${at + 1} - ${escaped(titleOf(result))}`,
      ...(isPassed(result) ? [] : diagnostics(result)),
    ]),
    ...(coverage === undefined
      ? []
      : [
          `${isBelow(report) ? "not ok" : "ok"} ${points} - ${coverageInWords(coverage)}`,
          ...coverage.unreached.map(
            (rule) => `# not reached: ${printable(coveredRuleInWords(rule))} ${printable(placeOfRule(rule))}`,
          ),
        ]),
  ];
}

/** `#` would start a directive. */
function escaped(text: string): string {
  return printable(text).replaceAll(/[\\#]/g, "\\$&");
}

/** A YAML block; JSON is YAML. */
function diagnostics({ file, line, failures, explained }: TestResult): readonly string[] {
  return [
    "  ---",
    `  at: ${safeJson({ file, line })}`,
    "  failures:",
    ...failures.map((failure) => `    - ${safeJson(failure)}`),
    ...(explained.length === 0
      ? []
      : ["  why:", ...explained.map((each) => `    - ${safeJson(each.trim())}`)]),
    "  ...",
  ];
}
