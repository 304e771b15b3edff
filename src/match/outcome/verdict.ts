import type { HeaderLine } from "../../model/decision.ts";
import type { Reason } from "../../model/reason.ts";

export interface Refused {
  readonly kind: "refused";
  readonly status: number;
  readonly why: readonly Reason[];
  /** Replaces the page. */
  readonly text?: string | undefined;
  /** Sent as it is, in place of a page; its type is among `headers`. */
  readonly body?: Uint8Array | undefined;
  /** No page replaces it. */
  readonly pages?: "none" | undefined;
  /** Replaces the response headers of the decision. */
  readonly responseHeaders?: readonly HeaderLine[] | undefined;
  /** Only of a redirect. */
  readonly location?: string | undefined;
  /** A challenge, beside the location's headers. */
  readonly headers?: readonly HeaderLine[] | undefined;
}

export type Verdict =
  | {
      readonly kind: "passed";
      /** It goes on so much later. default: at once. unit: ms */
      readonly waitMs?: number | undefined;
      /** Set on the backend's request before all else; an empty value removes the client's header. */
      readonly requestHeaders?: readonly HeaderLine[] | undefined;
      /** Set on any response. */
      readonly responseHeaders?: readonly HeaderLine[] | undefined;
    }
  /** Neither yes nor no: the request goes on, but `satisfy any` does not count it as admitted. */
  | { readonly kind: "abstained" }
  /** Known only while the request is carried out. */
  | { readonly kind: "later" }
  | Refused;

export type PendingVerdict = Verdict | Promise<Verdict>;

export const PASSED: Verdict = { kind: "passed" };
export const ABSTAINED: Verdict = { kind: "abstained" };
export const LATER: Verdict = { kind: "later" };

export function refused(status: number, ...why: readonly Reason[]): Refused {
  return { kind: "refused", status, why };
}

/** Passes on a verdict, at once if possible. */
export function whenKnown(
  verdict: PendingVerdict,
  next: (verdict: Verdict) => PendingVerdict,
): PendingVerdict {
  return verdict instanceof Promise ? verdict.then(next) : next(verdict);
}
