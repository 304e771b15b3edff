import { printable } from "../../../../ui/printable.ts";
import { problemLine } from "../../../../ui/problems.ts";
import { type Colour, colourFor, styled } from "../../../../ui/style.ts";
import { counted } from "../../../counted.ts";
import type { Surroundings } from "../../surroundings.ts";
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

/** Errors of manifests that are shown; `check` shows all. */
const MOST_ERRORS = 10;

export function textTestForm(
  report: TestReport,
  { stdout, env }: Pick<Surroundings, "stdout" | "env">,
): readonly string[] {
  const colour = colourFor(stdout, env);
  return [
    ...errorLines(report, colour),
    ...report.results.flatMap((result, at) => [
      ...(result.file === report.results[at - 1]?.file ? [] : [printable(result.file)]),
      ...resultLines(result, colour),
    ]),
    ...coverageLines(report, colour),
    "",
    summary(report, colour),
  ];
}

/** Errors without their next steps, so that the tests stay in view. */
function errorLines({ errors }: TestReport, colour: Colour): readonly string[] {
  const more = errors.length - MOST_ERRORS;
  return [
    ...errors.slice(0, MOST_ERRORS).map((problem) => problemLine(problem, colour)),
    ...(more > 0 ? [`${counted(more, "more error", "more errors")}: see ingress-dev check`] : []),
    ...(errors.length > 0 ? [""] : []),
  ];
}

function resultLines(result: TestResult, colour: Colour): readonly string[] {
  const title = printable(titleOf(result));
  if (isPassed(result)) return [`  ${styled("✓", { colour: "green" }, colour)} ${title}`];
  return [
    `  ${styled("✗", { colour: "red" }, colour)} ${title}  ${printable(`${result.file}:${result.line}`)}`,
    ...failureLines(result).map((line) => `    ${line}`),
    "",
    ...result.explained.map((line) => `    ${line}`.trimEnd()),
  ];
}

/** Two lines a failure: the expected value, and the one that came. */
export function failureLines({ failures }: TestResult): readonly string[] {
  const width = failures.reduce((most, { key }) => Math.max(most, key.length + 2), 14);
  return failures.flatMap(({ key, expected, actual }) => [
    `  ${printable(key).padEnd(width)}expected  ${printable(expected)}`,
    `  ${"".padEnd(width)}came      ${printable(actual)}`,
  ]);
}

function coverageLines(report: TestReport, colour: Colour): readonly string[] {
  const { coverage } = report;
  if (coverage === undefined) return [];
  const words = coverageInWords(coverage);
  return [
    "",
    ...coverage.unreached.map(
      (rule) => `  not reached  ${printable(`${coveredRuleInWords(rule)}  ${placeOfRule(rule)}`)}`,
    ),
    isBelow(report) ? styled(words, { colour: "red" }, colour) : words,
  ];
}

/** `3 tests: 2 passed, 1 failed` */
function summary({ results }: TestReport, colour: Colour): string {
  const passed = results.filter(isPassed).length;
  const failed = results.length - passed;
  const tests = counted(results.length, "test", "tests");
  const parts = [
    ...(passed > 0 ? [styled(`${passed} passed`, { colour: "green" }, colour)] : []),
    ...(failed > 0 ? [styled(`${failed} failed`, { colour: "red" }, colour)] : []),
  ];
  return `${tests}: ${parts.join(", ")}`;
}
