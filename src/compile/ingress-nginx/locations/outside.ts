import type { Route } from "../../../model/route.ts";
import { notFoundRoute } from "../../route.ts";
import { ownAction } from "../steps/actions.ts";
import type { SharedParts } from "./location-routes.ts";

/**
 * Holds for answers that no location makes: headers and error pages that nginx.tmpl writes outside of servers.
 * `undefined`: there are none.
 */
export function outsideRoute({ controller, ownerless, ...shared }: SharedParts): Route | undefined {
  const { location, transport } = ownerless;
  const { errorPages } = location;
  const pages = errorPages === undefined || errorPages.codes.length === 0 ? undefined : errorPages;
  const steps = [controller.response, pages].filter((step) => step !== undefined);
  if (steps.length === 0) return undefined;
  const action = ownAction(undefined, location, shared);
  return notFoundRoute("", { steps, action, transport }, []);
}
