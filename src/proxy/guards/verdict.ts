import type { HeaderLine } from "../../model/decision.ts";
import type { Answer } from "../context.ts";

/** What a guard says of one request. */
export type Verdict =
  | {
      readonly kind: "passed";
      /** Set on the request to the backend; an empty value takes a header away. */
      readonly requestHeaders?: readonly HeaderLine[] | undefined;
      /** Set on the response, whoever makes it. */
      readonly responseHeaders?: readonly HeaderLine[] | undefined;
    }
  | { readonly kind: "refused"; readonly answer: Answer };

/** Nothing to say against it, and nothing to add. */
export const PASSED: Verdict = { kind: "passed" };

/** Ends the request with one of nginx's own pages. */
export function refused(status: number, ...why: readonly string[]): Verdict {
  return { kind: "refused", answer: { status, why } };
}
