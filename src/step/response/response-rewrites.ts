import type { Pattern } from "../../model/pattern.ts";
import type { CookieChange, Replacement, ResponseRewrites } from "../../model/route/rewrites.ts";
import type { VariablePart, VariableText } from "../../model/route/variable-text.ts";
import { fillVariables, isVariable, partOf } from "../../request/variables.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";

/** Changes headers of the backend's responses. */
export interface ResponseRewritesStep {
  readonly kind: "response-rewrites";
  /** `proxy-redirect-from` and `-to`, for `Location` and `Refresh`. */
  readonly redirect?: { readonly from: VariableText | Pattern; readonly to: VariableText } | undefined;
  /** `proxy-cookie-domain` and `proxy-cookie-path`, for `Set-Cookie`. */
  readonly cookieDomain?: Replacement | undefined;
  readonly cookiePath?: Replacement | undefined;
  /** `cookieRewritePolicies` of Contour. */
  readonly cookies?: readonly CookieChange[] | undefined;
}

export function rewriteResponses(at: Arrival, step: ResponseRewritesStep): Change {
  const { kind: _, redirect, ...rest } = step;
  const responseRewrites: ResponseRewrites =
    redirect === undefined ? rest : { ...rest, redirect: replacementFor(redirect, at) };
  return { responseRewrites };
}

/** A replacement with the request's values. */
function replacementFor(
  { from, to }: NonNullable<ResponseRewritesStep["redirect"]>,
  at: Arrival,
): Replacement {
  if ("exec" in from) return { from, to: to.parts.map((part) => besideExpression(part, at)) };
  return { from: fillVariables(from, at), to: [fillVariables(to, at)] };
}

/** Beside an expression, numbers and unknown names mean its groups. */
function besideExpression(part: VariablePart, at: Arrival): VariablePart {
  if (typeof part === "string" || "capture" in part || !isVariable(part.variable)) return part;
  return partOf(part, at);
}
