import type { Reason } from "../model/reason.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Answers every request: a denied location (nginx.tmpl, `$location.Denied`). */
export interface AnswerStep {
  readonly kind: "answer";
  readonly status: number;
  /** Replaces the plane's page. */
  readonly text?: string | undefined;
  /** default: all requests */
  readonly only?: "http" | "https" | undefined;
  readonly why: readonly Reason[];
}

export function answerAtOnce(
  { route, request }: Arrival,
  { status, text, only, why }: AnswerStep,
): Change | undefined {
  if (only !== undefined && request.scheme !== only) return undefined;
  return { decision: { kind: "respond", status, text, route, why: [...why, ...route.why] } };
}
