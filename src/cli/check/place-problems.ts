import type { Problem } from "../../model/problem.ts";
import { ColumnFinder } from "./columns.ts";
import type { PlacedProblem } from "./report.ts";
import type { SourceFile } from "./source-file.ts";

/** Adds to problems what their files hold there. */
export async function placeProblems(
  problems: readonly Problem[],
  files: ReadonlyMap<string, SourceFile>,
): Promise<readonly PlacedProblem[]> {
  const columns = new ColumnFinder();
  const found: PlacedProblem[] = [];
  for (const problem of problems) {
    const { file, line } = problem;
    const source = line === undefined ? undefined : files.get(file ?? "");
    const at = source && (await columns.find(problem, source));
    found.push({
      problem: at === undefined ? problem : { ...problem, column: at.from + 1 },
      source: line === undefined ? undefined : source?.lines[line - 1],
      columns: at,
    });
  }
  return found;
}
