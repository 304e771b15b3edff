import type { HeaderLine } from "../model/decision.ts";
import type { Arrival } from "./arrival.ts";
import type { Change } from "./change.ts";

/**
 * `Strict-Transport-Security` on https (lua_ingress.lua, header). Only with `--exact`: it would pin a browser
 * to https for a year.
 */
export interface HstsStep {
  readonly kind: "hsts";
  readonly header: HeaderLine;
}

export function pinToHttps({ request }: Pick<Arrival, "request">, { header }: HstsStep): Change | undefined {
  return request.exact && request.scheme === "https" ? { responseHeaders: [header] } : undefined;
}
