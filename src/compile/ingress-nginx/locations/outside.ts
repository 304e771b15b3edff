import type { Route } from "../../../model/route.ts";
import { query } from "../../query.ts";
import { notFoundRoute } from "../../route.ts";
import { OWNERLESS } from "../config-map/ownerless.ts";
import { ownAction } from "../steps/actions.ts";
import { CONTROLLER_STEPS } from "../steps/controller-steps.ts";

/**
 * Holds for answers that no location makes: headers and error pages that nginx.tmpl writes outside of servers.
 * `undefined`: there are none.
 */
export const OUTSIDE = query<undefined, Route | undefined>("outside of servers", (_, ask) => {
  const { location, transport } = ask.for(OWNERLESS);
  const { errorPages } = location;
  const pages = errorPages === undefined || errorPages.codes.length === 0 ? undefined : errorPages;
  const steps = [ask.for(CONTROLLER_STEPS).response, pages].filter((step) => step !== undefined);
  if (steps.length === 0) return undefined;
  return notFoundRoute("", { steps, action: ownAction(undefined, location), transport }, []);
});
