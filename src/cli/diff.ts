import type { DifferenceReport } from "../diff/difference.ts";
import { differencesIn } from "../diff/differences.ts";
import { differsEverywhere } from "../diff/everywhere.ts";
import { witnessesOf } from "../witness/witness.ts";
import { askedSides } from "./diff/asked.ts";
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
    const { requests, complete, incomplete } = witnessesOf([before.table, after.table]);
    const compared = differencesIn(requests, askedSides(before, after));
    const everywhere = differsEverywhere([before.table, after.table]);
    const report: DifferenceReport = { sides: ["old", "new"], ...compared, everywhere, complete, incomplete };
    await reportProblemsOfSides([before, after], surroundings);
    const title = `ingress-dev diff ${sides.map(({ name }) => name).join(" ")}`;
    return await printDifferences(report, { form, all: all === true, title }, surroundings);
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
}
