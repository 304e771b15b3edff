import { relative } from "node:path";
import { UserError } from "../errors.ts";
import type { Flags } from "./options/config.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";
import { findTestFiles } from "./test/find-test-files.ts";
import { readTestOptions, type TestOptions } from "./test/options.ts";
import { readTestFiles } from "./test/read-test-files.ts";
import { isBelow, isPassed } from "./test/report.ts";
import { requireListed, runTests } from "./test/run-tests.ts";
import { createTargets, type Piped, pipedOnce } from "./test/targets.ts";
import type { TestRound } from "./test/watch.ts";

/**
 * `test`: asks the requests of test files, and says which do not come to what is expected. Exit status 1: one of them, or
 * a coverage below what is asked for.
 */
export async function testCommand(
  files: readonly string[],
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  requireMeant(flags);
  if (flags.schema === true) return printSchema(surroundings);
  const options = readTestOptions(flags, surroundings);
  if (flags.init === true) {
    const { initTestFile } = await import("./test/init.ts");
    return initTestFile(files, options.shared, surroundings);
  }
  const piped = pipedOnce(surroundings, options.shared);
  const run = () => testOnce(files, options, surroundings, piped);
  if (!options.isWatching) return (await run()).code;
  const { watchTests } = await import("./test/watch.ts");
  const named = files.length > 0 ? files : [relative(process.cwd(), surroundings.cwd) || "."];
  return watchTests(named, run, surroundings);
}

/** Options of a run of tests, which `--init` and `--schema` are none of. */
const OF_RUNS = ["output", "variable", "filter", "coverage", "coverageMin", "watch"] as const;

function requireMeant(flags: Flags): void {
  const instead = flags.schema === true ? "schema" : flags.init === true ? "init" : undefined;
  if (instead === undefined) return;
  const odd = OF_RUNS.find((name) => flags[name] !== undefined);
  if (odd === undefined) return;
  const shown = odd === "coverageMin" ? "coverage-min" : odd;
  throw new UserError("bad-option", `--${shown} has no meaning beside --${instead}, which runs no test.`);
}

async function testOnce(
  named: readonly string[],
  options: TestOptions,
  surroundings: Surroundings,
  piped: Piped,
): Promise<TestRound> {
  const files = await findTestFiles(named, surroundings.cwd);
  const documents = await readTestFiles(files, options.variables);
  requireListed(documents, options);
  const targets = createTargets(options.shared, surroundings, piped);
  try {
    const report = await runTests(documents, targets, options);
    surroundings.stdout.write(`${(await options.form(report, surroundings)).join("\n")}\n`);
    const code = report.results.every(isPassed) && !isBelow(report) ? 0 : 1;
    return { code, manifests: targets.manifests() };
  } finally {
    await targets.close();
  }
}

/** The package's schema of test files, for editors. */
async function printSchema({ stdout }: Surroundings): Promise<ExitCode> {
  const { default: schema } = await import("../../schema/test-file.schema.json", { with: { type: "json" } });
  stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
  return 0;
}
