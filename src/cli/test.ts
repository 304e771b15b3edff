import type { Flags } from "./options/config.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";
import { findTestFiles } from "./test/find-test-files.ts";
import { testLines } from "./test/forms.ts";
import { readTestOptions, type TestOptions } from "./test/options.ts";
import { readTestFiles } from "./test/read-test-files.ts";
import { isBelow, isPassed, type TestReport } from "./test/report.ts";
import { requireListed, runTests } from "./test/run-tests.ts";
import { createTargets, type Piped, pipedOnce } from "./test/targets.ts";

/**
 * `test`: asks the requests of test files, and says which do not come to what is expected. Exit status 1: one of them, or
 * a coverage below what is asked for.
 */
export async function testCommand(
  files: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const options = readTestOptions(flags, surroundings);
  if (flags.init === true) {
    const { initTestFile } = await import("./test/init.ts");
    return initTestFile(files, options.shared, surroundings);
  }
  const piped = pipedOnce(surroundings, options.shared);
  const report = await testOnce(files, options, surroundings, piped);
  surroundings.stdout.write(`${testLines(options.form, report, surroundings).join("\n")}\n`);
  return report.results.every(isPassed) && !isBelow(report) ? 0 : 1;
}

async function testOnce(
  named: readonly string[],
  options: TestOptions,
  surroundings: Surroundings,
  piped: Piped,
): Promise<TestReport> {
  const { files } = await findTestFiles(named, surroundings.cwd);
  const documents = await readTestFiles(files, options.variables);
  requireListed(documents, options);
  const targets = createTargets(options.shared, surroundings, piped);
  try {
    return await runTests(documents, targets, options);
  } finally {
    await targets.close();
  }
}
