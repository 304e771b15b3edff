import { problemLine } from "../../../../ui/problems.ts";
import {
  coverageInWords,
  coveredRuleInWords,
  failureInWords,
  isBelow,
  isPassed,
  placeOfRule,
  type TestReport,
  type TestResult,
  titleOf,
} from "../report.ts";
import { failureLines } from "./text.ts";

interface Suite {
  readonly name: string;
  readonly failed: number;
  /** Lines of each case. */
  readonly cases: readonly (readonly string[])[];
}

/** JUnit's XML as GitLab and Jenkins read it: a suite a file, a case a request. */
export function junitForm(report: TestReport): readonly string[] {
  const suites = [...suitesOf(report.results), ...coverageSuite(report)];
  const tests = suites.reduce((sum, { cases }) => sum + cases.length, 0);
  const failed = suites.reduce((sum, suite) => sum + suite.failed, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="ingress-dev" tests="${tests}" failures="${failed}" errors="0">`,
    ...suites.flatMap((suite) => [
      `  <testsuite${attributes({ name: suite.name, tests: suite.cases.length, failures: suite.failed, errors: 0 })}>`,
      ...suite.cases.flat(),
      "  </testsuite>",
    ]),
    ...errorOutput(report),
    "</testsuites>",
  ];
}

function suitesOf(results: readonly TestResult[]): readonly Suite[] {
  const files = new Map<string, TestResult[]>();
  for (const result of results) {
    const own = files.get(result.file) ?? [];
    own.push(result);
    files.set(result.file, own);
  }
  return [...files].map(([name, own]) => ({
    name,
    failed: own.filter((result) => !isPassed(result)).length,
    cases: own.map(caseLines),
  }));
}

function caseLines(result: TestResult): readonly string[] {
  const { file, line, failures, explained } = result;
  const head = attributes({ name: titleOf(result), classname: file, file, line });
  if (isPassed(result)) return [`    <testcase${head}/>`];
  const message = failures.map(failureInWords);
  const text = [`${file}:${line}`, ...failureLines(result), "", ...explained].join("\n");
  return [
    `    <testcase${head}>`,
    `      <failure${attributes({ message: message.join("; "), type: "expectation" })}>${escaped(text)}</failure>`,
    "    </testcase>",
  ];
}

/** A case of its own, so that a coverage below what is asked for is a failure. */
function coverageSuite(report: TestReport): readonly Suite[] {
  const { coverage } = report;
  if (coverage === undefined) return [];
  const words = coverageInWords(coverage);
  const unreached = coverage.unreached.map(
    (rule) => `not reached: ${coveredRuleInWords(rule)} ${placeOfRule(rule)}`,
  );
  const isFailed = isBelow(report);
  const text = escaped([words, ...unreached].join("\n"));
  const told = isFailed
    ? `<failure${attributes({ message: words, type: "coverage" })}>${text}</failure>`
    : `<system-out>${text}</system-out>`;
  return [
    {
      name: "coverage",
      failed: isFailed ? 1 : 0,
      cases: [
        [
          `    <testcase${attributes({ name: "coverage", classname: "coverage" })}>`,
          `      ${told}`,
          "    </testcase>",
        ],
      ],
    },
  ];
}

function errorOutput({ errors }: TestReport): readonly string[] {
  if (errors.length === 0) return [];
  const lines = errors.map((problem) => problemLine(problem));
  return [`  <!-- ${escaped(lines.join("\n")).replaceAll(/-(?=-)/g, "- ")} -->`];
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value)).replaceAll("\n", "&#10;")}"`)
    .join("");
}

/** Characters that XML 1.0 forbids or discourages (section 2.2): control characters, halves of characters, U+FFFE and U+FFFF. */
const FORBIDDEN = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]|\p{Surrogate}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escaped(text: string): string {
  return text.replace(FORBIDDEN, "").replace(/[&<>"']/g, (char) => ENTITIES[char] ?? "");
}
