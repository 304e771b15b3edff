import type { Decision } from "../../model/decision.ts";
import type { Arrival } from "./arrival.ts";

/** A location that an annotation made the controller refuse: `return 503` (nginx.tmpl, `$location.Denied`). */
export function denied({ route }: Arrival): Decision | undefined {
  const why = route.settings.denied;
  if (why === undefined) return undefined;
  return { kind: "respond", status: 503, route, why: [why, ...route.why] };
}
