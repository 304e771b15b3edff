import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { ReadPath } from "../../model/plane.ts";
import { reason } from "../../model/reason.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import { fillVariables } from "../../request/variables.ts";

/** `if ($uri = /) { return 302 $scheme://$http_host<app-root>; }` at server level (nginx.tmpl). */
export function redirectToAppRoot(
  { target, route }: Extract<HostStep, { kind: "app-root" }>,
  request: RequestFacts,
  path: ReadPath,
): Decision | undefined {
  if (path.path !== "/") return undefined;
  // The location's variables are not set yet.
  const location = `${request.scheme}://${request.host}${fillVariables(target, { request, path, route: {} })}`;
  return {
    kind: "redirect",
    status: 302,
    location,
    route,
    why: [reason("app-root", `app-root sends / to ${target.source}`), ...route.why],
  };
}
