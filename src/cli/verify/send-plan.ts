import type { SampleRequest } from "../../model/sample-request.ts";
import { whyNotSent } from "../../verify/exchange.ts";

/** Requests to send, and those that are left out. */
export interface SendPlan {
  readonly requests: readonly SampleRequest[];
  /** Numbers of requests by reason. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** `other`: further reasons to leave a request out. */
export function sendPlanOf(
  witnesses: Iterable<{ readonly request: SampleRequest }>,
  other: (request: SampleRequest) => string | undefined,
): SendPlan {
  const requests: SampleRequest[] = [];
  const leftOut = new Map<string, number>();
  for (const { request } of witnesses) {
    const why = whyNotSent(request) ?? other(request);
    if (why === undefined) requests.push(request);
    else count(leftOut, why);
  }
  return { requests, leftOut };
}

export function count(numbers: Map<string, number>, why: string): void {
  numbers.set(why, (numbers.get(why) ?? 0) + 1);
}
