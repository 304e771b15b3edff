import type { ResponseRewrites } from "../../model/settings/response-rewrites.ts";
import type { VariablePart } from "../../model/variable-text.ts";
import { fillVariables, isVariable, partOf } from "../../request/variables.ts";
import type { Arrival } from "./arrival.ts";

/** `proxy-redirect-from`, `proxy-cookie-domain` and their like, with the request's own values put in. */
export function responseRewrites(arrival: Arrival): ResponseRewrites | undefined {
  const rewrites = arrival.route.settings.responseRewrites;
  if (rewrites === undefined) return undefined;
  const { redirect, ...cookies } = rewrites;
  if (redirect === undefined) return cookies;
  const { from, to } = redirect;
  if ("exec" in from)
    return { ...cookies, redirect: { from, to: to.parts.map((part) => beside(part, arrival)) } };
  return { ...cookies, redirect: { from: fillVariables(from, arrival), to: [fillVariables(to, arrival)] } };
}

/** Beside an expression, numbers and unknown names are its groups. */
function beside(part: VariablePart, arrival: Arrival): VariablePart {
  if (typeof part === "string" || "capture" in part || !isVariable(part.variable)) return part;
  return partOf(part, arrival);
}
