import { reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { targetNow } from "./target.ts";

/** The service api at internal: the root leads to the dashboard. */
export interface DashboardStep {
  readonly kind: "dashboard";
}

export function showDashboard(at: Arrival): Change | undefined {
  const { path } = targetNow(at);
  const { route } = at;
  const why = [reason("middleware", "api@internal answers"), ...route.why];
  if (path === "/")
    return { decision: { kind: "redirect", status: 302, location: "/dashboard/", route, why } };
  if (path !== "/dashboard") return undefined;
  return { decision: { kind: "respond", status: 404, route, why } };
}
