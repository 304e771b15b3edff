import { reason } from "../../model/reason.ts";
import type { Arrival } from "../arrival.ts";
import type { Change } from "../change.ts";
import { withNginxVariables } from "./nginx/nginx-variables.ts";
import { sentTarget, splitTarget } from "./sent-target.ts";

/** `app-root`: the path `/` alone is redirected; its query is lost. */
export interface RootRedirectStep {
  readonly kind: "root-redirect";
  readonly target: string;
}

export function redirectRoot(at: Arrival, { target }: RootRedirectStep): Change | undefined {
  if (splitTarget(sentTarget(at)).path !== "/") return undefined;
  const { route } = at;
  const location = withNginxVariables(`$scheme://$best_http_host${target}`, at);
  const why = [reason("app-root", "app-root redirects the path /"), ...route.why];
  return { decision: { kind: "redirect", status: 302, location, text: "", route, why } };
}
