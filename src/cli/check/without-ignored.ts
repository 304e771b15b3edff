import type { Problem } from "../../model/problem.ts";
import { ColumnFinder } from "./columns.ts";
import { readIgnores } from "./ignore.ts";
import type { CheckReport, IgnoredProblem, PlacedProblem } from "./report.ts";
import type { SourceFile } from "./source-file.ts";

/** Adds to problems what their files hold there, and puts those aside that the codes and comments ignore. */
export async function withoutIgnored(
  found: readonly Problem[],
  codes: readonly string[],
  files: ReadonlyMap<string, SourceFile>,
): Promise<Pick<CheckReport, "problems" | "ignored">> {
  const columns = new ColumnFinder();
  const ignores = await readIgnores(codes, files);
  const problems: PlacedProblem[] = [];
  const ignored: IgnoredProblem[] = [];
  const sort = async (problem: Problem) => {
    const placed = await place(problem, files, columns);
    const why = ignores.of(problem);
    if (why === undefined) problems.push(placed);
    else ignored.push({ ...placed, ignored: why });
  };
  for (const problem of found) await sort(problem);
  for (const problem of ignores.problems()) await sort(problem);
  return { problems, ignored };
}

async function place(
  problem: Problem,
  files: ReadonlyMap<string, SourceFile>,
  finder: ColumnFinder,
): Promise<PlacedProblem> {
  const { file, line } = problem;
  const source = line === undefined ? undefined : files.get(file ?? "");
  if (source === undefined || line === undefined) return { problem, source: undefined, columns: undefined };
  const columns = await finder.find(problem, source);
  return {
    problem: columns === undefined ? problem : { ...problem, column: columns.from + 1 },
    source: source.lines[line - 1],
    columns,
  };
}
