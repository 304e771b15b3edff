import type { Decision } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import { ownLocation } from "../../request/own-location.ts";
import type { Arrival } from "./arrival.ts";

/** The statuses that `return` redirects with; with any other it sends the URL as a text (ngx_http_send_response). */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** `permanent-redirect`, `temporal-redirect`: the URL as it is, a path as one of this host (nginx.tmpl `return`). */
export function annotatedRedirect({ route, request }: Arrival): Decision | undefined {
  const redirect = route.settings.redirect;
  if (redirect === undefined) return undefined;
  const text = `the annotation ${redirect.annotation} answers every request of this path`;
  const why = [reason(redirect.annotation, text), ...route.why];
  if (!REDIRECTS.has(redirect.status)) {
    const noRedirect = `nginx's \`return ${redirect.status}\` is no redirect: it names no Location`;
    return {
      kind: "respond",
      status: redirect.status,
      route,
      why: [reason(redirect.annotation, noRedirect), ...why],
    };
  }
  const isRelative = route.settings.redirectForm?.relative === true;
  const to = ownLocation(request, redirect.location, isRelative);
  return { kind: "redirect", status: redirect.status, ...to, route, why };
}
