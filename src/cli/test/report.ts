import type { Actual } from "../../expect/actual.ts";
import type { CoverageReport } from "../../expect/coverage.ts";
import type { Failure } from "../../expect/judge.ts";
import type { Problem } from "../../model/problem.ts";
import { hostAndPathInWords } from "../explain/route-in-words.ts";

/** The result of one request of a test file. */
export interface TestResult {
  readonly file: string;
  readonly line: number;
  readonly name?: string | undefined;
  /** `GET http://shop.test/cart` */
  readonly request: string;
  readonly actual: Actual;
  /** None: the test passed. */
  readonly failures: readonly Failure[];
  /** As `explain` says it; only for failures. */
  readonly explained: readonly string[];
}

/** For the forms of `test`. */
export interface TestReport {
  readonly results: readonly TestResult[];
  /** Absent unless asked for. `least`: the percentage that was asked for. */
  readonly coverage?: (CoverageReport & { readonly least: number }) | undefined;
  /** Errors of the manifests. */
  readonly errors: readonly Problem[];
}

export function isPassed({ failures }: TestResult): boolean {
  return failures.length === 0;
}

/** The coverage is below what was asked for. */
export function isBelow({ coverage }: TestReport): boolean {
  return coverage !== undefined && coverage.percent < coverage.least;
}

/** `the shop: GET http://shop.test/`, or the request alone. */
export function titleOf({ name, request }: Pick<TestResult, "name" | "request">): string {
  return name === undefined ? request : `${name}: ${request}`;
}

/** `coverage 80 % (4 of 5 rules), 90 % are asked for` */
export function coverageInWords({ percent, reached, rules, least }: TestReport["coverage"] & {}): string {
  const asked = percent < least ? `, ${least} % are asked for` : "";
  return `coverage ${percent} % (${reached} of ${rules} rules)${asked}`;
}

/** `default/shop shop.test /cart (Prefix)` */
export function coveredRuleInWords({
  ingress,
  host,
  rule,
  match = "default backend",
}: CoverageReport["unreached"][number]): string {
  if (rule === undefined) return `${ingress} ${host === undefined ? "" : `${host} `}${match}`;
  return `${ingress} ${hostAndPathInWords(rule)}`;
}

/** `k8s/a.yaml:3`; the file alone if the line is unknown. */
export function placeOfRule({ file, line }: CoverageReport["unreached"][number]): string {
  return line > 0 ? `${file}:${line}` : file;
}

/** `status: expected 200, came 404` */
export function failureInWords({ key, expected, actual }: Failure): string {
  return `${key}: expected ${expected}, came ${actual}`;
}
