import { type Reason, reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Answers some requests with an error (`fault`, abort). */
export interface EnvoyFaultStep {
  readonly kind: "envoy-fault";
  readonly status: number;
  /** Of a hundred requests. */
  readonly percent: number;
  readonly why: Reason;
}

export function injectFault({ request, route }: Arrival, step: EnvoyFaultStep): Change | undefined {
  const { status, percent, why } = step;
  if (request.chance * 100 >= percent) return undefined;
  const text = `${percent} of 100 requests are answered with ${status}`;
  const because = [reason("fault", text, why.at), ...route.why];
  return { decision: { kind: "respond", status, text: "fault filter abort", route, why: because } };
}
