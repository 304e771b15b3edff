import type { Problem } from "../../model/problem.ts";
import type { Columns } from "../../yaml/columns.ts";
import type { FixedProblem } from "./fixed.ts";
import type { Ignored } from "./ignore.ts";

/** A problem with its source. */
export interface PlacedProblem {
  readonly problem: Problem;
  /** The line, where the text is known: not of a cluster's objects. */
  readonly source: string | undefined;
  /** Of the field in that line. */
  readonly columns: Columns | undefined;
}

export interface IgnoredProblem extends PlacedProblem {
  readonly ignored: Ignored;
}

/** The result of `check`, for its forms. */
export interface CheckReport {
  readonly problems: readonly PlacedProblem[];
  readonly ignored: readonly IgnoredProblem[];
  /** `examples/quick-start (2 files, 2 Ingresses)` */
  readonly description: string;
  /** Repairs that `--fix` made before. default: it was not asked for */
  readonly fixed?: readonly FixedProblem[] | undefined;
}
