import type { HeaderLine } from "../../../model/decision.ts";
import type { Reason } from "../../../model/reason.ts";
import type { Answer } from "../../exchange/context.ts";

/** What a guard says of one request. */
export type Verdict =
  | {
      readonly kind: "passed";
      /** Set on the request to the backend before all else; an empty value takes the client's header away. */
      readonly requestHeaders?: readonly HeaderLine[] | undefined;
      /** Set on the response, whoever makes it. */
      readonly responseHeaders?: readonly HeaderLine[] | undefined;
    }
  /** Neither for nor against: it goes on, but where one guard has to be for it, this one is not. */
  | { readonly kind: "abstained" }
  | { readonly kind: "refused"; readonly answer: Answer };

/** A verdict, at once where nothing has to be waited for. */
export type Asked = Verdict | Promise<Verdict>;

/** Nothing to say against it, and nothing to add. */
export const PASSED: Verdict = { kind: "passed" };

/** Nothing to say at all. */
export const ABSTAINED: Verdict = { kind: "abstained" };

/** Ends the request with one of nginx's own pages. */
export function refused(status: number, ...why: readonly Reason[]): Verdict {
  return { kind: "refused", answer: { status, why } };
}

/** Does something with a verdict as soon as it is there. */
export function whenAsked(asked: Asked, next: (verdict: Verdict) => Asked): Asked {
  return asked instanceof Promise ? asked.then(next) : next(asked);
}
