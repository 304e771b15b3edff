import type { Decision } from "../../model/decision.ts";
import type { Arrival } from "./arrival.ts";

/** `permanent-redirect`, `temporal-redirect`: the URL as it is, no path appended (nginx.tmpl `return`). */
export function annotatedRedirect({ route }: Arrival): Decision | undefined {
  const redirect = route.settings.redirect;
  if (redirect === undefined) return undefined;
  const why = [`the annotation ${redirect.annotation} answers every request of this path`, ...route.why];
  return { kind: "redirect", status: redirect.status, location: redirect.location, route, why };
}
