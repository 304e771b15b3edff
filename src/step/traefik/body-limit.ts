import { reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** 413 for a larger body, which is read as a whole before it is sent on. */
export interface BodyLimitStep {
  readonly kind: "body-limit";
  readonly bytes: number;
}

export function limitBody({ request, route }: Arrival, { bytes }: BodyLimitStep): Change | undefined {
  if ((request.bodySize ?? 0) <= bytes) return undefined;
  const why = [reason("body-limit", `the body is larger than ${bytes} bytes`), ...route.why];
  return { decision: { kind: "respond", status: 413, route, why } };
}
