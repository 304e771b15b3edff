import type { Decision, RequestFacts } from "../../model/decision.ts";
import type { HostStep } from "../../model/route/host-step.ts";
import type { RouteTable } from "../../model/route.ts";
import { entryPointOf } from "../../select/table.ts";

/**
 * `from-to-www-redirect`: keeps scheme, port and target (except one trailing slash); always names the port
 * (nginx.tmpl `$redirect_to`, lua/nginx/ngx_srv_redirect.lua).
 */
export function hostRedirect(
  { host, route }: Extract<HostStep, { kind: "host-redirect" }>,
  table: RouteTable,
  request: RequestFacts,
): Decision {
  const scheme = request.claims?.scheme ?? request.scheme;
  const uri = request.target.replace(/\/$/, "");
  const at = (port: number) => `${scheme}://${host}:${request.claims?.port ?? port}${uri}`;
  const production = at(entryPointOf(table, request.scheme).port);
  return {
    kind: "redirect",
    status: table.options.redirectStatus,
    location: request.exact ? production : at(request.ports[request.scheme]),
    production: request.exact ? undefined : production,
    route,
    why: route.why,
  };
}
