import { reason } from "../../model/reason.ts";
import type { LocalRoute } from "../../model/selection.ts";
import { defaultBackendRoute } from "../route.ts";
import type { SettledIngress } from "./servers.ts";
import type { ServerOfSteps } from "./steps.ts";
import { balancedRoute } from "./upstream-drafts.ts";
import { type RouteSteps, withSteps } from "./with-steps.ts";

const PRODUCTION =
  "404: ingress-nginx keeps the default backend of an Ingress with rules to the hosts of that Ingress";

/**
 * The default backend of the oldest Ingress that has both rules and one: here it answers for hosts that nobody names, as
 * the Kubernetes documentation has it ("if none of the hosts or paths match … the traffic is routed to your default
 * backend"). ingress-nginx answers 404 since its pull request 8825.
 */
export function localDefault(
  settled: readonly SettledIngress[],
  server: ServerOfSteps,
  shared: RouteSteps,
): LocalRoute | undefined {
  const owner = settled.find(
    ({ ingress: { spec }, settings }) =>
      settings.canary === undefined && spec.defaultBackend?.kind === "service" && spec.rules.length > 0,
  );
  if (owner === undefined) return undefined;
  const settings = { ...owner.settings.route, sslRedirect: "never", redirect: undefined } as const;
  const why =
    "no Ingress names this host, and the Kubernetes documentation sends what no rule matches here (ingress-nginx itself answers 404)";
  const { transport } = owner.settings;
  const route = defaultBackendRoute(owner.ingress, "", { settings, transport }, [
    reason("no-rule-for-host", why),
  ]);
  return { route: withSteps(balancedRoute(route, shared.upstreams), server, shared), production: PRODUCTION };
}
