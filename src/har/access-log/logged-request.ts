import type { Scheme } from "../../model/decision.ts";
import type { KnownOutcome } from "../known-outcome.ts";

/** A request as an access log has it. Texts have one char per byte. */
export interface LoggedRequest {
  readonly kind: "request";
  readonly method: string;
  /** default: the log does not say */
  readonly host?: string | undefined;
  readonly scheme?: Scheme | undefined;
  /** In origin form. */
  readonly target: string;
  /** default: the log does not say */
  readonly status?: number | undefined;
  /** nginx's name of the upstream: `default-web-80`. */
  readonly upstream?: string | undefined;
  readonly location?: string | undefined;
  /** Of ingress-dev's own lines. */
  readonly known?: KnownOutcome | undefined;
}

/** A line that tells of no request, or of one without a request line. */
interface OtherLine {
  readonly kind: "other";
  /** Of the listeners, as `up` tells them at its start. */
  readonly ports?: readonly number[] | undefined;
}

/** `unread`: of a form that is not known. */
export type ReadLine = LoggedRequest | OtherLine | { readonly kind: "unread" };

export const OTHER_LINE: ReadLine = { kind: "other" };
export const UNREAD_LINE: ReadLine = { kind: "unread" };
