import { safeJson } from "../../../../ui/safe-json.ts";
import { isPassed, type TestReport } from "../report.ts";

/** One object on one line. */
export function jsonTestForm({ results, coverage, errors }: TestReport): readonly string[] {
  const passed = results.filter(isPassed).length;
  const tests = results.map((result) => ({ ...result, explained: undefined, passed: isPassed(result) }));
  return [
    safeJson({
      ...{ tests, passed, failed: results.length - passed, coverage },
      problems: errors.length === 0 ? undefined : errors,
    }),
  ];
}
