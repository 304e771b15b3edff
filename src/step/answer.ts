import type { Reason } from "../model/reason.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Answers every request: a denied location (nginx.tmpl, `$location.Denied`). */
export interface AnswerStep {
  readonly kind: "answer";
  readonly status: number;
  /** Replaces the plane's page. */
  readonly text?: string | undefined;
  readonly why: readonly Reason[];
}

export function answerAtOnce({ route }: Arrival, { status, text, why }: AnswerStep): Change {
  return { decision: { kind: "respond", status, text, route, why: [...why, ...route.why] } };
}
