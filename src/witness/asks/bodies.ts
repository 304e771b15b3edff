import type { Route } from "../../model/route.ts";
import { errorPagesOf } from "../../step/error-pages.ts";
import type { Asked } from "../variation.ts";

/**
 * Bodies of the limits' sizes, and a byte above. `isAlike`: it is enough to ask at another path if the limit is the same and
 * has no page of its own.
 */
export function bodiesAsked(routes: readonly Route[], isAlike: boolean): readonly Asked[] {
  const limits = new Set(routes.map(({ transport }) => transport.bodyLimit));
  if (limits.size < 2 && isAlike && !routes.some(hasPage)) return [];
  const sizes = [...limits]
    .filter((limit) => limit > 0)
    .flatMap((limit) => (limits.size > 1 ? [limit, limit + 1] : [limit + 1]));
  if (sizes.length === 0) return [];
  const values = [...new Set(sizes)].map((bodySize) => ({
    shows: `a POST with a body of ${bodySize} bytes`,
    method: "POST",
    bodySize,
  }));
  return [{ mode: "alone", values }];
}

function hasPage(route: Route): boolean {
  return errorPagesOf(route)?.codes.includes(413) === true;
}
