import { withoutEndpoints } from "./action/forward.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** Answers 503 before any guard: balancer.lua looks for endpoints in nginx's rewrite phase. */
export interface EndpointsStep {
  readonly kind: "endpoints";
}

export const ENDPOINTS_STEP: EndpointsStep = { kind: "endpoints" };

export function requireEndpoints(at: Arrival): Change | undefined {
  const decision = withoutEndpoints(at);
  return decision && { decision };
}
