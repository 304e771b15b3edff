import type { Reason } from "./reason.ts";

/** A fault that ends a request while its head is read. */
export interface HeadRefusal {
  readonly status: number;
  readonly why: Reason;
  /** Found after all lines; nginx checks the host first. */
  readonly late?: true;
  /** The plane says with which status it is answered, and how large a head may be. */
  readonly page?: "headers-too-large";
}
