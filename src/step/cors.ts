import type { HeaderLine } from "../model/decision.ts";
import type { Pattern } from "../model/pattern.ts";
import { reason } from "../model/reason.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/** `enable-cors` (nginx.tmpl, `define "CORS"`). */
export interface CorsStep {
  readonly kind: "cors";
  /** `any`: every request; a pattern: a matching `Origin`; `none`: none */
  readonly origins: "any" | "none" | Pattern;
  /** Sent with `Access-Control-Allow-Origin`. */
  readonly headers: readonly HeaderLine[];
  /** `the annotation enable-cors of Ingress default/web` */
  readonly annotation: string;
}

/**
 * An allowed origin gets its headers on every answer, and its preflight ends here, before any redirect. Other
 * preflights are ordinary requests. nginx drops the template's `Content-Type` from a 204 (tried on nginx
 * 1.22).
 */
export function allowOrigin({ request, route }: Arrival, step: CorsStep): Change | undefined {
  const { origins, headers, annotation } = step;
  const origin = allowedOrigin(origins, request.header);
  if (origin === undefined) return undefined;
  const responseHeaders: readonly HeaderLine[] = [["Access-Control-Allow-Origin", origin], ...headers];
  if (request.method !== "OPTIONS") return { responseHeaders };
  const why = [reason("cors-preflight", `${annotation} answers a preflight (OPTIONS) itself`), ...route.why];
  return { responseHeaders, decision: { kind: "respond", status: 204, route, why, responseHeaders: EMPTY } };
}

const EMPTY: readonly HeaderLine[] = [["Content-Length", "0"]];

function allowedOrigin(
  origins: CorsStep["origins"],
  header: Arrival["request"]["header"],
): string | undefined {
  if (origins === "any") return "*";
  if (origins === "none") return undefined;
  const origin = header("origin") ?? "";
  const found = origins.exec(origin);
  return found === null || found === "too-complex" ? undefined : origin;
}
