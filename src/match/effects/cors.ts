import type { Decision, HeaderLine } from "../../model/decision.ts";
import { reason } from "../../model/reason.ts";
import type { Arrival } from "./arrival.ts";

/**
 * What `enable-cors` sets on whatever answers at the location (nginx.tmpl, `define "CORS"`); `undefined` where the request's
 * `Origin` is not among those allowed.
 */
export function corsHeaders({ route, request }: Arrival): readonly HeaderLine[] | undefined {
  const { cors, denied } = route.settings;
  if (cors === undefined || denied !== undefined) return undefined;
  const origin = allowedOrigin(cors.origins, request.header);
  return origin === undefined ? undefined : [["Access-Control-Allow-Origin", origin], ...cors.headers];
}

function allowedOrigin(
  origins: NonNullable<Arrival["route"]["settings"]["cors"]>["origins"],
  header: Arrival["request"]["header"],
): string | undefined {
  if (origins === "any") return "*";
  if (origins === "none") return undefined;
  const origin = header("origin") ?? "";
  const found = origins.exec(origin);
  return found === null || found === "too-complex" ? undefined : origin;
}

/**
 * A preflight from an allowed origin ends here, before any redirect; one from another goes on as any request does. Its
 * `Content-Type` of the template never reaches a client: nginx drops that of a 204. (Tried on nginx 1.22.)
 */
export function corsPreflight(arrival: Arrival): Decision | undefined {
  const { cors } = arrival.route.settings;
  if (cors === undefined || arrival.request.method !== "OPTIONS") return undefined;
  if (corsHeaders(arrival) === undefined) return undefined;
  const { route } = arrival;
  const text = `${cors.annotation} answers a preflight (OPTIONS) itself`;
  const why = [reason("cors-preflight", text), ...route.why];
  return { kind: "respond", status: 204, route, why, responseHeaders: [["Content-Length", "0"]] };
}
