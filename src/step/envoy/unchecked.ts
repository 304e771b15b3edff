import type { Reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** A guard that only production can ask. Nobody is let in, as if what it asks were out of reach. */
export interface EnvoyUncheckedStep {
  readonly kind: "envoy-unchecked";
  readonly status: number;
  readonly text: string;
  /** Lets requests by which the client shows nothing pass (`optional`). default: refused as well */
  readonly unless?: "no token" | undefined;
  /** For a request without `Authorization`. default: `text` */
  readonly withoutToken?: string | undefined;
  readonly why: Reason;
}

export function refuseUnchecked({ request, route }: Arrival, step: EnvoyUncheckedStep): Change | undefined {
  const { status, text, unless, withoutToken = text, why } = step;
  const hasToken = request.header("authorization") !== undefined;
  if (!hasToken && unless === "no token") return undefined;
  const said = hasToken ? text : withoutToken;
  return { decision: { kind: "respond", status, text: said, route, why: [why, ...route.why] } };
}
