import type { Reason } from "./reason.ts";

/** A fault that ends a request while its head is read. */
export interface HeadRefusal {
  readonly status: number;
  readonly why: Reason;
  /** Found after all lines; nginx checks the host first. */
  readonly late?: true;
  /** nginx has its own page for it. */
  readonly page?: "headers-too-large";
}
