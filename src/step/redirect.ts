import { reason } from "../model/reason.ts";
import { ownLocation } from "../request/own-location.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** `permanent-redirect`, `temporal-redirect`: a URL unchanged, a path on this host (nginx.tmpl, `return`). */
export interface RedirectStep {
  readonly kind: "redirect";
  readonly status: number;
  readonly location: string;
  readonly annotation: "permanent-redirect" | "temporal-redirect";
}

/**
 * `return` redirects with these statuses; with any other it sends the URL as text (ngx_http_send_response).
 */
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

export function redirectElsewhere({ request, route }: Arrival, step: RedirectStep): Change {
  const { status, location, annotation } = step;
  const isRelative = route.transport.relativeRedirects === true;
  const why = [
    reason(annotation, `the annotation ${annotation} answers every request of this path`),
    ...route.why,
  ];
  if (REDIRECTS.has(status))
    return {
      decision: { kind: "redirect", status, ...ownLocation(request, location, isRelative), route, why },
    };
  const noRedirect = `nginx's \`return ${status}\` is no redirect: it names no Location`;
  return { decision: { kind: "respond", status, route, why: [reason(annotation, noRedirect), ...why] } };
}
