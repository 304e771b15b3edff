import { colourFor } from "../../../ui/style.ts";
import type { DifferenceReport } from "../../diff/difference.ts";
import { oneOf } from "../options/values.ts";
import type { ExitCode, Surroundings } from "../surroundings.ts";

type ReportForm = "text" | "json" | "markdown";

export function readReportForm(output: unknown): ReportForm {
  return output === undefined ? "text" : oneOf(["text", "json", "markdown"] as const)(output, "--output");
}

/** Prints differences for `diff` and `verify`. `title`: of the markdown. Exit status 1: there are some. */
export async function printDifferences(
  report: DifferenceReport,
  { form, all, title }: { readonly form: ReportForm; readonly all: boolean; readonly title: string },
  { stdout, env }: Pick<Surroundings, "stdout" | "env">,
): Promise<ExitCode> {
  stdout.write(`${(await linesOf(report, form, all, title, () => colourFor(stdout, env))).join("\n")}\n`);
  return report.groups.length === 0 ? 0 : 1;
}

async function linesOf(
  report: DifferenceReport,
  form: ReportForm,
  all: boolean,
  title: string,
  colour: () => ReturnType<typeof colourFor>,
): Promise<readonly string[]> {
  if (form === "json") return [(await import("./report/json.ts")).differencesJson(report)];
  if (form === "markdown") return (await import("./report/markdown.ts")).differencesMarkdown(report, title);
  return (await import("./report/text.ts")).differencesText(report, { colour: colour(), all });
}
