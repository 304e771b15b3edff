import type { DifferenceReport } from "../diff/difference.ts";
import { comparedSides } from "./diff/compared-sides.ts";
import { reportProblemsOfSides } from "./diff/problems-of-sides.ts";
import { openSides } from "./diff/read-sides.ts";
import { printDifferences, readReportForm } from "./diff/report.ts";
import { readSides } from "./diff/sides.ts";
import type { Flags } from "./options/config.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

/**
 * `diff OLD NEW`: the requests that two sides treat differently, by cause. Exit status 1: there are some.
 * @throws UserError for a side that cannot be read
 */
export async function diffCommand(
  first: string,
  second: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { output, all, ...others } = flags;
  const form = readReportForm(output);
  const sides = readSides(first, second, others);
  const [before, after] = await openSides(sides, surroundings);
  try {
    const report: DifferenceReport = { sides: ["old", "new"], ...comparedSides(before.all, after.all) };
    await reportProblemsOfSides([before, after], surroundings);
    const title = `ingress-dev diff ${sides.map(({ name }) => name).join(" ")}`;
    return await printDifferences(report, { form, all: all === true, title }, surroundings);
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
}
