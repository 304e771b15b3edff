import type { HeaderLine } from "../../model/decision.ts";
import type { Reason } from "../../model/reason.ts";

/** A guard's no, and the answer that goes with it. */
export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  readonly why: readonly Reason[];
  /** Only of a redirect. */
  readonly location?: string | undefined;
  /** Sent beside the location's own headers: a challenge. */
  readonly headers?: readonly HeaderLine[] | undefined;
}

/** What a guard says of one request. */
export type Verdict =
  | {
      readonly kind: "passed";
      /** Set on the request to the backend before all else; an empty value removes the client's header. */
      readonly requestHeaders?: readonly HeaderLine[] | undefined;
      /** Set on the response, whoever makes it. */
      readonly responseHeaders?: readonly HeaderLine[] | undefined;
    }
  /** Neither for nor against: the request goes on, but with `satisfy any` this guard does not let it in. */
  | { readonly kind: "abstained" }
  /** Known only when the request is carried out. */
  | { readonly kind: "later" }
  | Refused;

/** A verdict, or the promise of one. */
export type PendingVerdict = Verdict | Promise<Verdict>;

export const PASSED: Verdict = { kind: "passed" };
export const ABSTAINED: Verdict = { kind: "abstained" };
export const LATER: Verdict = { kind: "later" };

/** Ends the request with the page of a status. */
export function refused(status: number, ...why: readonly Reason[]): Refused {
  return { kind: "refused", status, why };
}

/** Passes a verdict on once it is known: at once, unless it has to be waited for. */
export function whenKnown(
  verdict: PendingVerdict,
  next: (verdict: Verdict) => PendingVerdict,
): PendingVerdict {
  return verdict instanceof Promise ? verdict.then(next) : next(verdict);
}
