import type { HeaderLine } from "../../model/decision.ts";
import { fillVariables } from "../../request/variables.ts";
import { errorHeaders } from "../error-page.ts";
import { type Arrival, backendFor } from "./arrival.ts";

/** `custom-headers`, on whatever answers at the location (nginx.tmpl, `more_set_headers`). */
export function headersForClient({ route }: Pick<Arrival, "route">): readonly HeaderLine[] | undefined {
  return route.settings.headers?.response;
}

/** `upstream-vhost`, `connection-proxy-header`, and `x-forwarded-prefix` where a rewrite took place. */
export function headersForBackend(arrival: Arrival): readonly HeaderLine[] | undefined {
  const { headers } = arrival.route.settings;
  if (headers === undefined) return undefined;
  const lines: HeaderLine[] = [];
  if (headers.host !== undefined) lines.push(["Host", onOneLine(fillVariables(headers.host, arrival))]);
  if (headers.connection !== undefined) lines.push(["Connection", headers.connection]);
  if (headers.prefix !== undefined && arrival.captures !== undefined)
    lines.push(["X-Forwarded-Prefix", onOneLine(fillVariables(headers.prefix, arrival))]);
  return lines.length === 0 ? undefined : lines;
}

/** A `default-backend` is told that it stands in for a Service without endpoints (nginx.tmpl, `X-Code 503`). */
export function headersForDefaultBackend(arrival: Arrival): readonly HeaderLine[] | undefined {
  const { route, request } = arrival;
  const instead = route.settings.errors?.defaultBackend;
  if (instead === undefined || backendFor(arrival) !== instead) return undefined;
  return errorHeaders(route, request, 503);
}

/** A capture of a decoded path may hold what would end a header. */
function onOneLine(value: string): string {
  return value.replace(/[\x00-\x1f\x7f]/g, encodeURIComponent);
}
