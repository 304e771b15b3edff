import type { Problem } from "../../model/problem.ts";

/** What `check` found, for its forms. */
export interface CheckReport {
  readonly problems: readonly Problem[];
  /** `examples/quick-start (2 files, 2 Ingresses)` */
  readonly description: string;
}
