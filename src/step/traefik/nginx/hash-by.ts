import type { Arrival } from "../../arrival.ts";
import type { Change } from "../../change.ts";
import { withNginxVariables } from "./nginx-variables.ts";

/** `upstream-hash-by`: requests with equal keys share an endpoint (pkg/server/service/loadbalancer/hrw). */
export interface HashByStep {
  readonly kind: "hash-by";
  readonly text: string;
}

export function hashBy(at: Arrival, { text }: HashByStep): Change {
  return { choice: { kind: "hash", key: withNginxVariables(text, at) } };
}
