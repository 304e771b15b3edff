import { reason } from "../../model/reason.ts";
import type { Re2 } from "../../re2/re2.ts";
import { replaceAll } from "../../re2/replace.ts";
import type { Template } from "../../re2/template.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { goLocation } from "./go-location.ts";
import { requestUrl } from "./sent-target.ts";

/** A redirect to what a template makes of the request's whole URL: `permanent-redirect`, `temporal-redirect`. */
export interface UrlRedirectStep {
  readonly kind: "url-redirect";
  readonly status: number;
  readonly pattern: Re2;
  readonly template: Template;
  readonly annotation: "from-to-www-redirect" | "permanent-redirect" | "temporal-redirect";
}

/** A URL that does not match, or stays the same, goes on to the Service. */
export function redirectUrl(at: Arrival, step: UrlRedirectStep): Change | undefined {
  const { route } = at;
  const { status, pattern, template, annotation } = step;
  const url = requestUrl(at);
  if (pattern.find(url) === null) return undefined;
  const made = replaceAll(pattern, url, template);
  if (made === undefined) return refused(at, 500, "the expression is too complex for this URL", annotation);
  if (made === url) return undefined;
  const location = goLocation(made);
  if (location === undefined) return refused(at, 502, `${JSON.stringify(made)} is no URL`, annotation);
  const why = [reason(annotation, `the annotation ${annotation} redirects to ${location}`), ...route.why];
  return { decision: { kind: "redirect", status, location, route, why } };
}

function refused(
  { route }: Arrival,
  status: number,
  text: string,
  code: UrlRedirectStep["annotation"],
): Change {
  return { decision: { kind: "respond", status, route, why: [reason(code, text), ...route.why] } };
}
